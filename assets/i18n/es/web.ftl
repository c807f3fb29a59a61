# Páginas de administración.

## Marco
ui-own-name = Español
ui-skip = Saltar al contenido
ui-main-menu = Menú principal
ui-warning = Aviso
ui-you-are-here = Está aquí
ui-quick-search = Buscar un ordenador
ui-search = Buscar
ui-language = Idioma
ui-log-out = Cerrar sesión
ui-log-in = Iniciar sesión
ui-times-in = Horas de { $zone }
ui-to-start = Ir al inicio
demo-accounts-warning = Hay cuentas activas cuya contraseña conoce todo el mundo. Cambie sus contraseñas o desactívelas antes de usar este sitio de verdad.

## Palabras comunes
ui-yes = Sí
ui-no = No
ui-all = Todos
ui-never = Nunca
ui-today = Hoy
ui-days-ago = { $count ->
    [one] hace { $count } día
   *[other] hace { $count } días
}
ui-days-and-time = { $days ->
    [one] { $days } día, { $time }
   *[other] { $days } días, { $time }
}
ui-updating = actualizando…
ui-delayed = retrasado: { $time }
ui-checked = Revisado
ui-unchecked = Por revisar
ui-enabled = Activado
ui-disabled = Desactivado
ui-legend = Significado de los iconos
ui-with-selection = Con las filas seleccionadas:
ui-select = Seleccionar
ui-select-all = Seleccionar todas las filas
ui-pages = Páginas
ui-previous = Anterior
ui-next = Siguiente
ui-rows-shown = { $count ->
    [one] { $count } fila en esta página
   *[other] { $count } filas en esta página
}
ui-will-be-lost = Con ello desaparecerá:
ui-cancel = Cancelar
ui-save = Guardar
ui-back = Volver
ui-delete = Borrar
ui-export = Exportar
ui-add = Añadir
ui-edit = Editar
ui-filter = Filtrar
ui-clear = Limpiar
ui-required = (obligatorio)
ui-find-and-add = Buscar y añadir…
ui-look-at-fields = No se ha guardado nada. Revise los campos marcados.
ui-related = Listas relacionadas

## Menús
menu-configuration = Configuración
menu-release = Liberación
menu-data = Datos
nav-home = Inicio
nav-alerts = Alertas
nav-api = API
nav-history = Historial
nav-own-password = Cambiar mi contraseña
nav-formulas = Fórmulas
nav-fault-definitions = Definiciones de fallas
nav-auto-check-errors = Errores autocomprobados
nav-projects = Proyectos
nav-platforms = Plataformas
nav-accounts = Cuentas
nav-tokens = Tokens
nav-settings = Ajustes
nav-audit = Registro de auditoría
nav-deployments = Despliegues
nav-stores = Almacenes
nav-packages = Paquetes
nav-packages-information = Información de paquetes
nav-computers = Ordenadores
nav-users = Usuarios
nav-attributes = Atributos
nav-synchronizations = Sincronizaciones
nav-errors = Errores
nav-faults = Fallas
nav-status-logs = Registros de estado
nav-migrations = Migraciones
nav-notifications = Notificaciones
nav-messages = Mensajes

## Alertas
alerts-none = Nada requiere su atención.
alerts-count = { $count ->
    [0] Ninguna alerta
    [one] { $count } alerta
   *[other] { $count } alertas
}

## Estado de los ordenadores
status-intended = Asignado
status-intended-means = En su uso normal
status-reserved = Reservado
status-reserved-means = En un uso especial, por ejemplo pruebas
status-unknown = Desconocido
status-unknown-means = En cualquier otro uso
status-available = Disponible
status-available-means = Libre y listo para usar
status-in-repair = En reparación
status-in-repair-means = Se está reparando
status-unsubscribed = Baja
status-unsubscribed-means = No se volverá a usar

## Inicio de sesión
login-title = Iniciar sesión
first-login-title = Elija su contraseña
first-login-text = Este enlace funciona una sola vez. Establece la contraseña de la cuenta { $name }.
first-login-button = Establecer la contraseña y entrar

## Inicio
home-title = Inicio
home-figures = Cifras principales

## Campos
field-name = Nombre
field-username = Cuenta
field-password = Contraseña
field-new-password = Contraseña nueva
field-old-password = Contraseña actual
field-repeated = Repita la contraseña nueva
field-platform = Plataforma
field-pms = Sistema de paquetes
field-auto-register-computers = Los ordenadores se registran sin cuenta
field-projects = Proyectos
field-full-name = Nombre completo
field-first-name = Nombre
field-last-name = Apellidos
field-email = Correo electrónico
field-groups = Grupos
field-is-active = Activa
field-is-staff = Puede entrar en estas páginas
field-is-superuser = Superusuario
field-last-login = Último acceso
field-account = Cuenta
field-created-at = Creado
field-actions = Acciones
field-time = Hora
field-action = Acción
field-object = Objeto
field-object-id = Número del objeto
field-changes = Cambios

## Ayudas
hint-password = Al menos 10 caracteres.
hint-repeated = La misma otra vez, para evitar errores al teclear.
hint-project-platform = Familia del sistema operativo, por ejemplo Linux. Si no existe, se añade.
hint-auto-register-computers = Si no, para registrar hace falta una cuenta que pueda añadir y modificar ordenadores.
hint-is-active = Una cuenta inactiva ni entra ni usa tokens. Es preferible a borrarla.
hint-is-superuser = Puede hacerlo todo.
hint-token-name = Para qué es, y así saber después cuál revocar.

## Proyectos y plataformas
projects-empty = Aún no hay proyectos. Los ordenadores pueden traerlos al registrarse.
project-new = Proyecto nuevo
project-delete-question = ¿Borrar el proyecto { $name }?
platforms-empty = Aún no hay plataformas. Llegan con el primer proyecto.
platform-delete-question = ¿Borrar la plataforma { $name }?
loss-computers = { $count ->
    [one] { $count } ordenador (muévalo o bórrelo antes)
   *[other] { $count } ordenadores (muévalos o bórrelos antes)
}
loss-deployments = { $count ->
    [one] { $count } despliegue con su repositorio
   *[other] { $count } despliegues con sus repositorios
}
loss-packages = { $count ->
    [one] { $count } paquete
   *[other] { $count } paquetes
}

## Cuentas, tokens, auditoría
accounts-empty = Aún no hay cuentas.
account-new = Cuenta nueva
account-demo = contraseña conocida
account-password = Establecer otra contraseña
account-set-password = Establecer la contraseña
tokens-empty = Aún no hay tokens.
token-new = Token nuevo
token-create = Crear
token-created = Copie el token ahora: solo se muestra esta vez.
token-revoke = Revocar
token-revoke-question = ¿Revocar el token { $name }? Lo que lo use dejará de funcionar.
audit-empty = Aún no hay cambios.
audit-add = Añadido
audit-change = Modificado
audit-delete = Borrado
audit-login = Entró
audit-create-token = Creó un token
audit-revoke-token = Revocó un token
audit-change-password = Cambió la contraseña
audit-use-one-time-link = Usó un enlace de un solo uso
audit-accept-key = Acepta una clave nueva

## Lo que se hizo
done-added = Se ha añadido { $name }.
done-saved = Se ha guardado { $name }.
done-deleted = Se ha borrado { $name }.
done-password = Se ha cambiado la contraseña.
done-revoked = Se ha revocado el token.

## Errores
error-title-not-found = No se encuentra
error-title-denied = No permitido
error-title-refused = No ha sido posible
error-title-server = Algo ha ido mal
error-no-page = Esa página no existe. Puede que se haya movido o borrado.
error-not-found = No existe: { $what } { $key }.
error-denied = Su cuenta no tiene permiso para { $action }: { $model }.
error-forged = El formulario no viene de esta sesión. Vuelva atrás, recargue la página y repita.
error-unreadable = El servidor no ha podido leer la petición.
error-internal = El servidor ha fallado. Lo ocurrido está en su registro.
error-too-many = Demasiados intentos. Espere un poco y vuelva a probar.
error-too-large = Eso supera los { $limit } que acepta este sitio.
error-disk-full = El disco del servidor está lleno. No se ha guardado nada.
error-unavailable = El servidor no puede hacerlo ahora: { $reason }. Inténtelo dentro de un momento.
error-repeated = Las dos contraseñas son distintas.
right-view = ver
right-add = añadir
right-change = modificar
right-delete = borrar
thing-account = la cuenta
thing-computer = el ordenador
thing-deployment = el despliegue
thing-link = el enlace
thing-package = el paquete
thing-platform = la plataforma
thing-project = el proyecto
thing-store = el almacén
thing-token = el token
model-computer = Ordenador
model-hardware = Hardware
model-user = Usuario
model-attribute = Atributo
model-formula = Fórmula
model-attribute-set = Conjunto de atributos
model-fault-definition = Definición de falla
model-auto-check-error = Error autocomprobado
model-error = Error
model-fault = Falla
model-message = Mensaje
model-synchronization = Sincronización
model-notification = Notificación
model-migration = Migración
model-status-log = Registro de estado
model-platform = Plataforma
model-pms = Sistema de paquetes
model-project = Proyecto
model-deployment = Despliegue
model-schedule = Calendario
model-application = Aplicación
model-policy = Política
model-package = Paquete
model-store = Almacén
model-query = Consulta
model-device = Dispositivo
model-device-model = Modelo de dispositivo
model-domain = Dominio
model-scope = Ámbito
model-account = Cuenta
model-setting = Ajuste

## Palabras comunes de las listas
ui-nothing-found = Nada coincide con estos filtros.
ui-nothing-further = No hay más filas.
ui-nothing-in-sight = Aquí no hay nada del dominio o ámbito seleccionado.
ui-now = ahora
checks-check = Marcar como revisado
checks-uncheck = Marcar como no revisado
machine-physical = Máquina física
machine-virtual = Máquina virtual

## Ordenadores
computers-empty = Aún no hay ordenadores. Aparecerán aquí cuando se registren.
computers-search = Ordenador o usuario
computers-total = { $count ->
    [one] { $count } ordenador
   *[other] { $count } ordenadores
}
computers-stale = { $count ->
    [one] hace más de { $count } día
   *[other] hace más de { $count } días
}
computers-without-software = Sin inventario
computers-set-status = Cambiar el estado
computers-delete-question = { $count ->
    [one] ¿Borrar este ordenador?
   *[other] ¿Borrar estos { $count } ordenadores?
}
computers-delete-losses = su atributo CID, hardware, errores, fallas e historial
computer-summary = Resumen
computer-software = Software
computer-software-history = Historial de software
computer-hardware = Hardware
computer-simulate = Simular una sincronización
computer-identification = Identificación
computer-synchronisation = Sincronización
computer-changes = Cómo se llamaba y dónde estaba
computer-errors = { $count ->
    [one] { $count } error
   *[other] { $count } errores
}
computer-faults = { $count ->
    [one] { $count } falla
   *[other] { $count } fallas
}
computer-no-attributes = Sin atributos: el ordenador no se ha sincronizado.
computer-no-software = No se conocen paquetes.
computer-no-history = Aún no ha cambiado nada.
computer-packages = { $count ->
    [one] { $count } paquete
   *[other] { $count } paquetes
}
history-manual = cambiado por otros, entre dos sincronizaciones
history-migas = durante una sincronización
status-group-subscribed = Todos menos baja
status-group-productive = Productivos
status-group-unproductive = Improductivos
status-group-active = Productivos o en reparación
setting-uuid = UUID
setting-name = Nombre
setting-fqdn = Nombre completo en la red
setting-ip-address = Dirección IP
setting-user = Usuario
setting-key = Clave
hardware-captured = Capturado
hardware-not-captured = Aún sin capturar.
hardware-capture-again = Capturar en la próxima sincronización
hardware-empty = El ordenador no ha informado de su hardware.
hardware-unclaimed = sin controlador
key-title = Otra clave
key-text = Se rechaza un ordenador reinstalado o que perdió su clave. Puede permitirle venir con una clave nueva una vez, durante 24 horas.
key-accept = Aceptar una clave nueva
key-open = Se acepta una clave nueva hasta { $time }.
key-refuse = Ya no aceptar ninguna

## Campos de los ordenadores
field-computer = Ordenador
field-status = Estado
field-project = Proyecto
field-sync-user = Usuario
field-sync-start-date = Inicio de la última sincronización
field-sync-end-date = Última sincronización
field-last-update-time = Duración
field-product = Producto
field-to-check = Por revisar
field-machine = Máquina
field-software = Software
field-package = Paquete
field-comment = Comentario
field-cid = Número
field-fqdn = Nombre completo en la red
field-uuid = UUID
field-ip-address = Dirección IP
field-forwarded-ip-address = Dirección que vio el servidor
field-mac-address = Tarjetas de red
field-entry-date = Alta
field-updated-at = Modificado
field-key = Clave
field-accept-key-until = Acepta una clave nueva hasta
field-cpu = Procesador
field-ram = Memoria
field-storage = Almacenamiento
field-disks = Discos
field-last-hardware-capture = Hardware capturado
field-property = Propiedad
field-value = Valor
field-from = Desde
field-to = Hasta
field-as-of = Como estaba el
field-attribute = Atributo
field-description = Descripción
field-formula = Fórmula
field-since = Desde
field-version = Versión
field-architecture = Arquitectura
field-vendor = Fabricante
field-serial = Número de serie
field-bus-info = Bus
field-slot = Ranura
field-size = Tamaño
field-capacity = Capacidad
field-clock = Reloj
field-width = Anchura
field-logical-names = Nombres lógicos
field-capabilities = Capacidades
hint-computer-name = Solo lo cambian los superusuarios. El ordenador vuelve a decir su nombre cuando se sincroniza.
hint-computer-status = Disponible y baja quitan el ordenador de los despliegues que lo nombran.

## Errores, fallas, notificaciones
errors-empty = Aún no hay errores.
faults-empty = Aún no hay fallas.
faults-whose = Asignación
faults-to-check-for-me = a mí o a nadie
faults-assigned-to-me = a mí
faults-assigned-to-others = a otros
faults-unassigned = a nadie
notifications-empty = Aún no hay notificaciones.
field-checked = Revisado
field-error = Error
field-fault-definition = Definición de falla
field-result = Resultado
field-notification = Notificación

## Ajustes
settings-site = Ajustes del sitio
settings-process = Ajustes del proceso del servidor
settings-process-text = Vienen de la línea de órdenes, del entorno o de migas.toml, y se cambian allí.
settings-reset = Por omisión
field-setting = Ajuste
field-origin = Procede de
origin-default = Por omisión
origin-site = Fijado aquí
origin-file = migas.toml
origin-environment = Entorno
origin-flag = Línea de órdenes
about-organization = Se muestra arriba en cada página.
about-autoregister = Los ordenadores pueden traer plataformas y proyectos nuevos.
about-default-computer-status = Estado de un ordenador que se registra.
about-computer-search-fields = Campos por los que se buscan los ordenadores; el primero es como se muestran.
about-seconds-message-alert = Segundos tras los que una sincronización cuenta como retrasada.
about-help-desk = Se imprime en las etiquetas de los ordenadores.
about-external-hosts = Equipos de redes privadas a los que pueden redirigir los orígenes de despliegues externos, además del suyo propio.
about-hw-period = Días entre dos capturas del hardware.
about-invalid-uuid = UUID que comparten muchas placas; en su lugar se usa el nombre del ordenador.
about-notify-new-computer = Notificar cuando se registra un ordenador.
about-notify-change-uuid = Notificar cuando cambia el UUID de un ordenador.
about-notify-change-name = Notificar cuando cambia el nombre de un ordenador.
about-notify-change-ip = Notificar cuando cambia la dirección de un ordenador.
about-page-size = Filas de una lista.

## Almacenes y paquetes
stores-empty = Aún no hay almacenes. Una subida crea el almacén que nombra.
store-new = Almacén nuevo
store-delete-question = ¿Borrar el almacén { $name }?
loss-files = { $count ->
    [one] { $count } fichero; los despliegues que lo contienen se publican sin él
   *[other] { $count } ficheros; los despliegues que contienen alguno se publican sin ellos
}
loss-record = { $count ->
    [one] el registro de { $name }, que sale de { $count } despliegue; el fichero se queda
   *[other] el registro de { $name }, que sale de { $count } despliegues; el fichero se queda
}
packages-empty = Aún no hay paquetes.
packages-search = Nombre del fichero
packages-show = Mostrar
packages-orphan = En ningún despliegue
packages-unregistered = Ficheros sin registro
packages-upload = Subir paquetes
packages-register = Registrar de nuevo
packages-delete-records = Borrar los registros
packages-delete-question = { $count ->
    [one] ¿Borrar este registro?
   *[other] ¿Borrar estos { $count } registros?
}
package-orphan = en ningún despliegue
package-no-record = sin registro
upload-known-stores = Almacenes que hay: { $names }.
field-file = Fichero
field-files = Ficheros
field-packages = Paquetes
field-store = Almacén
field-uploaded = Subido
field-deployments = Despliegues
field-replace = Sustituir un fichero con el mismo nombre
field-no-create-repo = Dejar los repositorios como están
field-regular-file = Guardar sin registro
hint-replace = Si no, se rechaza otro contenido bajo un nombre conocido.
hint-no-create-repo = Los despliegues con un paquete sustituido conservan el antiguo hasta que se publiquen de nuevo.
hint-regular-file = El fichero se puede descargar, pero no es un paquete para los despliegues.
hint-store-name = Letras, cifras, - y _; aparece en las direcciones.
field-folder = Carpeta
field-replace-set = Sustituir un conjunto del mismo nombre
hint-set-name = Si no se da ninguno, el de la carpeta.
hint-set-files = Todos los ficheros que contiene, con sus subcarpetas. Los que no son paquetes del proyecto quedan como ficheros corrientes.
hint-upload-store = Una carpeta del proyecto; un nombre nuevo crea otra.

## Lo que se hizo a las listas
done-status = { $count ->
    [one] Se ha cambiado el estado de { $count } ordenador.
   *[other] Se ha cambiado el estado de { $count } ordenadores.
}
done-computers-deleted = { $count ->
    [one] Se ha borrado { $count } ordenador.
   *[other] Se han borrado { $count } ordenadores.
}
done-checked = { $count ->
    [one] Se ha revisado { $count }.
   *[other] Se han revisado { $count }.
}
done-unchecked = { $count ->
    [one] { $count } vuelve a estar por revisar.
   *[other] { $count } vuelven a estar por revisar.
}
done-nothing-selected = No se había seleccionado nada.
done-capture = La próxima sincronización capturará el hardware.
done-key-accepted = El ordenador puede venir con una clave nueva una vez, durante 24 horas.
done-key-refused = Ya no se acepta ninguna clave nueva.
done-registered = { $count ->
    [one] Se ha registrado de nuevo { $count } fichero.
   *[other] Se han registrado de nuevo { $count } ficheros.
}
done-records-deleted = { $count ->
    [one] Se ha borrado { $count } registro; su fichero se queda.
   *[other] Se han borrado { $count } registros; sus ficheros se quedan.
}
done-uploaded = { $count ->
    [one] Se ha subido { $count } fichero.
   *[other] Se han subido { $count } ficheros.
}

## Inicio y alertas
home-nothing-permitted = Use los menús de arriba para llegar a lo que su cuenta puede ver.
home-productive = ordenadores productivos
home-synchronised-today = ordenadores sincronizados hoy
home-errors = errores por revisar
home-faults = fallas por revisar
home-computers-by-project = Ordenadores productivos por proyecto
home-computers-by-status = Ordenadores por estado
home-errors-by-project = Errores por revisar por proyecto
home-faults-by-definition = Fallas por revisar por definición
home-per-day = Ordenadores sincronizados por día
home-per-hour = Ordenadores sincronizados por hora
chart-most = como máximo { $count }
chart-as-table = Como tabla
alert-synchronising-computers = Ordenadores que se están sincronizando
alert-orphan-packages = Paquetes en ningún despliegue
alert-unchecked-notifications = Notificaciones por revisar
alert-delayed-computers = Ordenadores cuya sincronización se retrasa
alert-unchecked-faults = Fallas por revisar
alert-unchecked-errors = Errores por revisar

## Simulación
simulation-text = Lo que respondería el servidor ahora, con los atributos de la última sincronización. No se escribe nada.
simulation-conflicts = Ordenados en ambos sentidos, y por tanto borrados e instalados de nuevo en cada sincronización: { $names }
simulation-conflict = conflicto
simulation-no-deployments = Ningún despliegue llega a este ordenador.
simulation-nothing = Nada.
simulation-hardware = Se capturaría el hardware
why-package = Por qué este paquete, o por qué no
why-title = Por qué { $package }
why-nobody = Ningún despliegue del proyecto nombra { $package }.
effect-installs = instala { $what }
effect-removes = borra { $what }
effect-offers = ofrece { $what }
field-deployment = Despliegue
field-by-attribute = Por el atributo
field-published = Publicado
field-effect = Efecto
field-reaches = Le llega
field-reason = Motivo

## Fórmulas y atributos
formulas-empty = Aún no hay fórmulas.
formula-new = Fórmula nueva
formula-built-in = predefinida
formula-built-in-text = El servidor evalúa él mismo esta fórmula; solo pueden cambiar su nombre y si está activada.
formula-kind-normal = Normal: la salida es un valor
formula-kind-list = Lista: valores separados por comas
formula-kind-right = Añade por la derecha: A.B.C, B.C, C
formula-kind-left = Añade por la izquierda: A, A.B, A.B.C
formula-delete-question = ¿Borrar la fórmula { $name }?
loss-attributes = { $count ->
    [one] { $count } atributo, también donde lo nombran despliegues y definiciones de fallas
   *[other] { $count } atributos, también donde los nombran despliegues y definiciones de fallas
}
field-prefix = Prefijo
field-kind = Clase
field-language = Lenguaje
field-auto-add = Añadir solos los valores desconocidos
field-code = Código
hint-prefix = De una a tres letras o cifras; los atributos se llaman PREFIJO-valor.
hint-formula-enabled = Una fórmula desactivada no se envía a los ordenadores, y sus valores se ignoran.
hint-formula-kind = Cómo se convierte la salida en atributos.
hint-auto-add = Si no, un valor solo cuenta si alguien lo añadió en Atributos.
hint-formula-code = Se ejecuta en el ordenador como root, 60 segundos como máximo; lo que imprime es el valor, valor~descripción para describirlo.
attributes-empty = Aún no hay atributos. Los ordenadores los traen al sincronizarse.
attributes-search = Atributo o descripción
attribute-new = Atributo nuevo
attribute-formula = Fórmula
attribute-not-named = Nada lo nombra.
attribute-delete-question = ¿Borrar el atributo { $name }?
hint-attribute-value = Exactamente como lo imprime la fórmula.
field-attributes = Atributos

## Definiciones de fallas y patrones
fault-definitions-empty = Aún no hay definiciones de fallas.
fault-definition-new = Definición de falla nueva
fault-definition-delete-question = ¿Borrar la definición de falla { $name }?
faults-unchecked = { $count } por revisar
loss-faults = { $count ->
    [one] { $count } falla que encontró
   *[other] { $count } fallas que encontró
}
target-without = sin
field-target = A quién afecta
field-faults = Fallas
field-users = Cuentas a las que concierne
hint-users = Una cuenta por línea. Sin ninguna, sus fallas conciernen a todos.
hint-fault-definition-name = Los espacios se convierten en _.
hint-fault-code = Lo que imprima es una falla; sin salida, no hay falla.
patterns-text = Un error en el que se encuentra una de estas expresiones regulares no necesita revisión. Los errores que ya están se quedan como están.
patterns-empty = Aún no hay patrones.
pattern-new = Patrón nuevo
pattern-one = Patrón
pattern-delete-question = ¿Borrar el patrón { $name }?
field-pattern = Expresión regular
hint-pattern = Se busca en cualquier parte del texto del error; \s también coincide con saltos de línea.

## Lo que ocurrió
ui-nothing-here = Aún no hay nada aquí.
sync-ok = correcta
sync-failed = falló un paso
users-search = Usuario
field-end = Fin
field-user = Usuario
field-outcome = Resultado
field-new-project = Proyecto nuevo
field-new-status = Estado nuevo
field-login = Usuario
field-more = Más
field-message = Mensaje
messages-empty = Ningún ordenador se está sincronizando.

audit-accept-a-new-key = Acepta una clave nueva
audit-refuse-a-new-key = Ya no acepta clave nueva

## Por qué un despliegue llega a un ordenador
simulation-why-included = tiene { $detail }
simulation-why-excluded = tiene { $detail }, que está excluido
simulation-why-not-included = no tiene ninguno de los atributos incluidos
simulation-why-not-started = tiene { $detail } y empieza el { $since }
simulation-why-delayed = tiene { $detail }, desde el { $since } por el calendario
simulation-why-outside-domain = no está en el dominio { $detail }
simulation-why-group = tiene { $detail }: se toma este grupo
simulation-why-no-group = ningún grupo de la política le corresponde
simulation-by-policies = política { $names }
simulation-delay = a los { $days } días hábiles
nav-policies = Políticas
field-policy = Política
field-priority = Prioridad
simulation-why-disabled = el despliegue está desactivado
simulation-why-other-project = pertenece a otro proyecto

ui-preview = Vista previa
preview-title = Qué pasaría
preview-text = Aún no se ha guardado nada. Esto es lo que haría el cambio, según lo que dijeron los equipos en su última sincronización.
preview-nobody = Ningún equipo notaría este cambio.
preview-gained = Equipos alcanzados
preview-lost = Equipos que pierden algo
preview-unchanged = Equipos sin cambios
preview-bytes = A descargar en total
preview-packages = Paquetes
preview-no-packages = No se instalaría, actualizaría ni borraría ningún paquete.
preview-effect-install = se instalaría
preview-effect-upgrade = se actualizaría
preview-effect-remove = se borraría
preview-days = Por día
preview-no-days = No se alcanzaría ningún equipo.
preview-gaining = Equipos que se alcanzarían
preview-losing = Equipos que perderían algo
preview-more = y { $count } más
preview-confirm = { $count } equipos perderían algo. Para guardar de todos modos, escriba su número.
preview-type-number = Número de equipos
audit-undo-action = Deshacer
audit-undoing = Cambios que se desharían
audit-undo = deshizo
audit-can-be-undone = se puede deshacer
field-undo = Deshacer
field-date = Fecha
done-undone = { $count ->
    [one] Se deshizo un cambio.
   *[other] Se deshicieron { $count } cambios.
}

nav-applications = Aplicaciones
applications-empty = Aún no hay aplicaciones.
application-new = Nueva aplicación
application-shown = Como la ven los usuarios
application-packages = Paquetes por proyecto
application-set-icon = Poner el icono
application-delete-question = ¿Borrar la aplicación { $name }?
loss-policies = { $count ->
    [one] La pierde una política.
   *[other] La pierden { $count } políticas.
}
hint-application-description = Markdown: *énfasis*, **fuerte**, listas, enlaces. También se busca en ella.
hint-application-icon = PNG, JPEG, GIF o WebP, de 256 KiB como mucho.
level-U = Usuario
level-A = Administrador
field-category = Categoría
field-level = Nivel
field-score = Puntuación
field-icon = Icono
field-available-for-attributes = Disponible para los atributos
policies-empty = Aún no hay políticas.
policy-new = Nueva política
policy-groups = Grupos
policy-groups-text = Se toma el primer grupo, por prioridad, que corresponde al equipo. Vacíe una prioridad para quitar su grupo.
policy-new-group = Nuevo grupo
policy-delete-question = ¿Borrar la política { $name }?
hint-exclusive = Se borra lo que instalarían los grupos que no se toman.
field-exclusive = Exclusiva
field-applications = Aplicaciones
thing-application = aplicación
thing-policy = política
audit-icon = cambió el icono de
category-1 = Accesorios
category-2 = Libros
category-3 = Herramientas de desarrollo
category-4 = Educación
category-5 = Tipos de letra
category-6 = Juegos
category-7 = Gráficos
category-8 = Internet
category-9 = Medicina
category-10 = Oficina
category-11 = Ciencia e ingeniería
category-12 = Sonido y vídeo
category-13 = Temas y ajustes
category-14 = Acceso universal
