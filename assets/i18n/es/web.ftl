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
accounts-empty = No hay cuentas.
account-new = Cuenta nueva
account-demo = contraseña conocida
account-password = Establecer otra contraseña
account-set-password = Establecer la contraseña
tokens-empty = No hay tokens.
token-new = Token nuevo
token-create = Crear
token-created = Copie el token ahora: solo se muestra esta vez.
token-revoke = Revocar
token-revoke-question = ¿Revocar el token { $name }? Lo que lo use dejará de funcionar.
audit-empty = Ningún cambio coincide.
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
reason-account-and-password-do-not-match = La cuenta y la contraseña no coinciden.
reason-does-not-match = Esa no es la contraseña actual.
reason-a-name-is-needed = Hace falta un nombre.
reason-at-most-50-characters = Como máximo 50 caracteres.
reason-letters-digits-and-only-beginning-with-a-letter-or-digit = Solo letras, cifras y . _ + -, empezando por letra o cifra.
reason-at-least-10-characters = Al menos 10 caracteres.
reason-you-cannot-lock-yourself-out = No puede cerrarse la puerta a sí mismo.
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
