# Páginas de administración: calendarios, líneas temporales.

## Calendarios
nav-schedules = Calendarios
schedules-empty = Aún no hay calendarios.
schedules-search = Nombre o descripción
schedule-new = Calendario nuevo
schedule-delay = { $count ->
    [one] { $delay }: { $names }
   *[other] { $delay }, en { $count } días: { $names }
}
schedule-delays-text = Días laborables desde la fecha de inicio de un despliegue: sábados y domingos no cuentan.
schedule-without-delays = No tiene demoras: no entrega nada a nadie.
schedule-add-delay = Añadir una demora
schedule-change-delay = Cambiar la demora
schedule-take-delay = Borrar
schedule-delete-question = ¿Borrar el calendario { $name }?
loss-schedule-of = el calendario del despliegue { $name }, que desde entonces solo llega por sus atributos incluidos
field-delays = Demoras
field-delay = Demora
field-duration = Duración
field-schedule = Calendario
hint-delay = Días laborables después de la fecha de inicio, 0 o más.
hint-duration = Días laborables entre los que se reparten sus ordenadores, cada uno en su día; con 1 llega a todos a la vez.
hint-delay-attributes = Uno por línea. Conviene terminar con SET-ALL SYSTEMS.
hint-schedule = Llega también a los ordenadores de sus demoras, a cada uno en su día, se incluya lo que se incluya.
deployment-no-schedule = Ninguno
thing-schedule = el calendario
thing-delay = la demora

## Líneas temporales
field-source = Origen
field-timeline = Línea temporal
source-internal = Interno
source-external = Externo
timeline-active = Activa
timeline-finished = Terminada
timeline-progress = Avance del calendario
timeline-days = { $elapsed }/{ $total } días (del { $begin } al { $end })
field-progress = Avance
timeline-reached = alcanzada
timeline-to-come = por llegar
timeline-provided = Ordenadores provistos
curve-planned = Previstos
curve-actual = Sincronizados desde entonces
curve-description = Del { $first } al { $last }, hasta { $count } ordenadores. Las cifras están en la tabla.
schedule-statistics = Ordenadores provistos por número de días
schedule-statistics-text = A cuántos ordenadores productivos de un proyecto ha llegado después de tantos días laborables.
schedule-statistics-nobody = No llega a ningún ordenador de este proyecto.
schedule-choose-project = Elija un proyecto para verlos.
field-days = Días
alert-active-schedules = Despliegues con calendario activo
alert-finished-schedules = Despliegues con calendario terminado

## Traslados, regeneración, limpieza
deployments-regenerating = Publicándose de nuevo
alert-regenerations = Repositorios que se están generando
audit-regenerate = Se publicará de nuevo
done-regenerating = { $count ->
    [one] Se está publicando de nuevo { $count } repositorio.
   *[other] Se están publicando de nuevo { $count } repositorios.
}
move-packages = Mover paquetes
move-to = Al despliegue
move-packages-text = Nombres de archivo, uno por línea. Lo que quite de la lista se queda donde está.
move-disable = Deshabilitar este despliegue
move-disable-text = Queda como historial y no llega a nadie.
move-nowhere = No hay otro despliegue de este proyecto con paquetes del sitio.
done-packages-moved = { $count ->
    [one] Se ha movido aquí { $count } paquete.
   *[other] Se han movido aquí { $count } paquetes.
}
orphans-clean-up = Limpiar
orphans-none = Todos los paquetes están en algún despliegue.
orphans-text = Estos paquetes no están en ningún despliegue. La limpieza borra sus registros; si los archivos quedan, se pueden registrar de nuevo.
orphans-with-files = Quitar también los archivos
orphans-with-files-text = Dejan de estar en sus almacenes. Los ordenadores que los tienen instalados los conservan.
done-orphans-removed = { $count ->
    [one] Se ha quitado { $count } paquete.
   *[other] Se han quitado { $count } paquetes.
}
field-freed = Libre al quitar los archivos
