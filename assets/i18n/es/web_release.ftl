# Páginas de administración: despliegues, información de paquetes.

ui-enable = Activar
ui-disable = Desactivar
lookup-open = Buscar y marcar
lookup-joins = Lo marcado se une a la lista al guardar o al volver a buscar.

## Despliegues
deployments-empty = Aún no hay despliegues. Un despliegue da paquetes a los ordenadores que tienen sus atributos.
deployments-search = Nombre o fichero de paquete
deployment-new = Despliegue nuevo
deployment-later = todavía no
deployment-choose-project = Elija un proyecto
deployment-whom = Para quién
deployment-defaults = Paquetes por defecto de las etiquetas
deployment-defaults-text = Solo actúan cuando se asignan etiquetas a un ordenador.
deployment-summary = Resumen
deployment-no-packages = No tiene paquetes ni ordena ninguno.
deployment-more-packages = { $count ->
    [one] … y { $count } más
   *[other] … y { $count } más
}
deployment-repository = Repositorio
deployment-repository-text = Lo que el cliente escribe para el gestor de paquetes:
deployment-who = Quién lo recibe
deployment-reaches = { $count ->
    [0] Ningún ordenador lo tiene disponible hoy.
    [one] { $count } ordenador lo tiene disponible hoy.
   *[other] { $count } ordenadores lo tienen disponible hoy.
}
deployment-reaches-later = Estos tienen sus atributos y lo recibirán cuando esté activado y llegue su día:
deployment-reaches-nobody = Ningún ordenador en uso tiene sus atributos.
deployments-delete-question = { $count ->
    [one] ¿Borrar este despliegue?
   *[other] ¿Borrar estos { $count } despliegues?
}
deployments-publish = Publicar de nuevo
deployment-copy = Copiar
loss-repository = { $count ->
    [0] { $name } con su repositorio; hoy no lo tiene ningún ordenador
    [one] { $name } con su repositorio; hoy lo tiene { $count } ordenador
   *[other] { $name } con su repositorio; hoy lo tienen { $count } ordenadores
}
field-enabled = Activado
field-start-date = Fecha de inicio
field-included-attributes = Atributos incluidos
field-excluded-attributes = Atributos excluidos
field-available-packages = Paquetes disponibles
field-packages-to-install = Paquetes a instalar
field-packages-to-remove = Paquetes a desinstalar
field-default-preincluded-packages = Paquetes preincluidos por defecto
field-default-included-packages = Paquetes incluidos por defecto
field-default-excluded-packages = Paquetes excluidos por defecto
field-computers = Ordenadores
field-repository = Repositorio
hint-deployment-name = De él toma el nombre su repositorio.
hint-deployment-project = No puede cambiarse una vez guardado.
hint-deployment-enabled = Un despliegue desactivado no llega a nadie.
hint-included-attributes = Uno por línea, como SET-ALL SYSTEMS o NET-192.168.1.0/24. Un ordenador que tenga alguno queda incluido.
hint-excluded-attributes = Uno por línea. Un ordenador que tenga alguno queda fuera, tenga lo que tenga.
hint-available-packages = Nombres de fichero, uno por línea. Que estén disponibles actualiza lo instalado, y no instala nada.
hint-packages-to-install = Nombres, con o sin versión. Se instalan en cada sincronización, haya hecho lo que haya hecho el usuario.
hint-packages-to-remove = Nombres. Se desinstalan en cada sincronización.
thing-repository = el repositorio
done-enabled = { $count ->
    [one] Se ha activado { $count } despliegue.
   *[other] Se han activado { $count } despliegues.
}
done-disabled = { $count ->
    [one] Se ha desactivado { $count } despliegue.
   *[other] Se han desactivado { $count } despliegues.
}
done-deployments-deleted = { $count ->
    [one] Se ha borrado { $count } despliegue.
   *[other] Se han borrado { $count } despliegues.
}
audit-publish = Publicado de nuevo

## External deployments
deployment-new-external = Despliegue externo nuevo
deployment-source = Origen
deployment-source-text = Un repositorio público al que los ordenadores llegan a través de una caché de este servidor: cada fichero se descarga la primera vez que se pide, y se guarda.
deployment-expire = { $count ->
    [one] { $count } minuto
   *[other] { $count } minutos
}
deployment-cache = Caché
deployment-empty-cache = Vaciar la caché
deployment-empty-cache-question = ¿Vaciar la caché de { $name }?
loss-cache = { $count ->
    [0] nada: la caché está vacía
    [one] { $count } fichero, que se descarga de nuevo cuando alguien lo pida; lo congelado puede ser entonces otro
   *[other] { $count } ficheros, que se descargan de nuevo cuando alguien los pida; lo congelado puede ser entonces otro
}
done-cache-emptied = Se ha vaciado la caché de { $name }.
audit-empty-cache = Caché vaciada
field-kept-files = Ficheros
field-base-url = URL base
field-suite = Suite
field-components = Componentes
field-options = Opciones
field-frozen = Congelado
field-expire = Caduca a los (minutos)
hint-base-url = Dónde está el repositorio público, por ejemplo http://archive.ubuntu.com/ubuntu. Si se cambia, la caché se vacía.
hint-suite = Como en una línea de origen: bookworm-security en apt, 9 en yum.
hint-components = Separados por espacios: main contrib en apt, BaseOS/x86_64/os AppStream/x86_64/os en yum.
hint-options = Como en una línea de origen: [arch=amd64] en apt; gpgcheck=1 gpgkey=file:///etc/pki/rpm-gpg/KEY en yum y zypper.
hint-frozen = Lo descargado una vez no vuelve a descargarse: el repositorio queda como se vio por primera vez.
hint-expire = Si no está congelado: pasado ese tiempo se descarga otra vez lo que no es un paquete. Con 0, cada vez.

## Información de paquetes
folder-empty = Esta carpeta está vacía.

## Lo que no existe
thing-formula = la fórmula
thing-attribute = el atributo
thing-fault-definition = la definición de falla
thing-pattern = el patrón
