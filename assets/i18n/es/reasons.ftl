# Why an operation refuses. The English texts stand in the source, where the refusal is made; the
# key is their words without the values (`src/app/reason.rs`).

reason-does-not-match = Esa no es la contraseña actual.
reason-you-cannot-lock-yourself-out = No puede quitarse sus propios permisos ni cerrarse la puerta.

# Names and texts
reason-a-name-is-needed = Hace falta un nombre.
reason-at-most-50-characters = Como máximo 50 caracteres.
reason-1-to-characters = De 1 a { $limit } caracteres.
reason-1-to-characters-in-one-line = De 1 a { $limit } caracteres en una sola línea.
reason-letters-digits-and-only-beginning-with-a-letter-or-digit = Solo letras, cifras y . _ + -, empezando por letra o cifra.
reason-has-no-letter-or-digit-that-can-stand-in-a-url = «{ $name }» no tiene letras ni cifras que puedan formar parte de una dirección.
reason-has-no-letter-or-digit-that-can-name-a-repository = «{ $name }» no tiene letras ni cifras que puedan dar nombre a un repositorio.
reason-is-no-date-such-as-2026-03-01-or-2026-03-01t08-30-00z = «{ $text }» no es una fecha como 2026-03-01 o 2026-03-01T08:30:00Z.
reason-a-day-is-needed = Hace falta un día.
reason-it-contradicts-what-is-stored = Contradice lo que hay guardado: { $problem }.

# Accounts
reason-account-and-password-do-not-match = La cuenta y la contraseña no coinciden.
reason-an-account-named-exists-already = Ya existe una cuenta llamada { $name }.
reason-1-to-150-characters-without-spaces = De 1 a 150 caracteres, sin espacios.
reason-at-least-characters = Al menos { $limit } caracteres.
reason-there-is-no-domain = No hay ningún dominio { $name }.
reason-a-domain-named-exists-already = Ya existe un dominio llamado { $name }.
reason-domain-has-deployments-confirm-that-they-lose-it = El dominio { $name } tiene despliegues ({ $count }): confirme que lo pierden.
reason-a-domain-administrator-needs-a-domain = Un administrador de dominio necesita un dominio: { $names }.
reason-1-to-letters-or-digits = De 1 a { $limit } letras o cifras.
reason-is-no-tag = { $name } no es una etiqueta.
reason-a-scope-named-exists-already = Ya existe un ámbito llamado { $name }.
reason-is-no-permission = «{ $name }» no es un permiso.
reason-there-is-no-group = No hay ningún grupo { $name }.
reason-a-group-named-exists-already = Ya existe un grupo llamado { $name }.
reason-account-has-tokens-confirm-that-they-stop-working = La cuenta { $name } tiene tokens ({ $count }): confirme que dejan de funcionar.
reason-group-has-members-confirm-that-they-lose-its-rights = El grupo { $name } tiene miembros ({ $count }): confirme que pierden sus permisos.
reason-this-time-is-over = Ese momento ya pasó.
reason-a-token-without-any-right-is-of-no-use = Un token sin ningún permiso no sirve de nada.
reason-there-is-no-account = No hay ninguna cuenta { $name }.

# Projects, platforms, stores
reason-a-project-is-needed = Hace falta un proyecto.
reason-a-project-named-exists-already = Ya existe un proyecto llamado { $name }.
reason-a-platform-named-exists-already = Ya existe una plataforma llamada { $name }.
reason-a-store-named-exists-already = Ya existe un almacén llamado { $name }.
reason-is-not-apt-get-yum-zypper-or-msi = «{ $name }» no es apt-get, yum, zypper ni msi.
reason-project-has-packages-its-package-system-cannot-change = El proyecto { $name } tiene paquetes: su sistema de paquetes no puede cambiar.
reason-project-has-computers-deployments-and-packages-move-or-delete-its-computers-and-confirm-the-rest = El proyecto { $name } tiene ordenadores ({ $computers }), despliegues ({ $deployments }) y paquetes ({ $packages }): mueva o borre sus ordenadores y confirme lo demás.
reason-platform-has-projects-delete-them-first = La plataforma { $name } tiene proyectos: bórrelos antes.
reason-store-has-files-deployments-hold-some-of-them-confirm = El almacén { $name } tiene ficheros ({ $count }) y hay despliegues con alguno de ellos ({ $deployments }): confírmelo.

# Packages
reason-choose-a-file = Elija un fichero.
reason-so-it-cannot-be-stored-as-a-package = No se puede guardar como paquete: { $problem }.
reason-is-no-package = { $name } no es un paquete.
reason-packages-of-are-not-handled-yet = Todavía no se tratan los paquetes de { $pms }.
reason-exists-with-other-content-it-must-be-replaced-expressly-or-renamed = { $name } ya existe con otro contenido: hay que sustituirlo expresamente o darle otro nombre.
reason-is-a-package-not-a-regular-file = { $name } es un paquete, no un fichero corriente.
reason-is-a-package-set-not-a-file = { $name } es un conjunto de paquetes, no un fichero.
reason-is-a-file-not-a-package-set = { $name } es un fichero, no un conjunto de paquetes.
reason-cannot-be-a-path-within-a-set-it-must-stay-below-the-set-s-folder-in-parts-without-control-characters = { $path } no puede ser una ruta dentro de un conjunto: debe quedar bajo la carpeta del conjunto y no llevar caracteres de control.
reason-a-digest-has-64-hexadecimal-digits = Un resumen SHA-256 tiene 64 cifras hexadecimales.
reason-choose-a-folder = Elija una carpeta.
reason-is-named-twice = { $path } está nombrado dos veces.
reason-is-a-file-and-a-folder = { $path } es a la vez un fichero y una carpeta.
reason-a-set-has-files-at-most-and-these-are-or-more-make-several-sets = Un conjunto tiene como máximo { $limit } ficheros y estos son { $count } o más: haga varios conjuntos.
reason-none-of-files-is-a-package-of-this-project-their-names-end-in = Ninguno de los { $count } ficheros es un paquete de este proyecto: sus nombres acaban en { $ending }.
reason-is-refused = Se rechaza { $path }: { $problem }.
reason-the-content-of-is-no-longer-there = El contenido de { $path } ya no está.
reason-so-it-cannot-be-part-of-a-repository-as-a-regular-file-it-can-be-stored = { $problem }: no puede formar parte de un repositorio (como fichero normal sí se puede guardar).
reason-the-file-name-is-not-acceptable-it-must-not-be-empty-begin-with-a-dot-or-contain-a-slash-two-dots-or-control-characters = No se acepta el nombre de fichero { $name }: no puede estar vacío, empezar por punto ni contener barras, dos puntos seguidos o caracteres de control.
reason-has-characters-and-the-name-of-a-file-at-most-give-it-a-shorter-one-a-package-stays-what-it-is = { $name } tiene { $length } caracteres y el nombre de un fichero, { $limit } como máximo: dele uno más corto, el paquete sigue siendo el mismo.
reason-a-name-or-name-version-is-needed = Hace falta un nombre, o nombre-versión.

# Deployments
reason-it-is-and-cannot-change = Es { $name } y no puede cambiar.
reason-deployment-of-has-the-repository-name-already = El despliegue { $other } de { $project } ya tiene ese nombre de repositorio, { $slug }.
reason-is-no-package-of-project = { $name } no es un paquete del proyecto { $project }.
reason-is-no-package-with-or-without-version = «{ $token }» no es un paquete, ni con versión ni sin ella.
reason-is-it-cannot-be-given-anything = { $name } está en estado { $status }: no puede recibir nada.
reason-the-source-is-and-cannot-change = El origen es { $source } y no puede cambiar.
reason-only-an-external-deployment-has-a-source = Solo un despliegue externo tiene origen.
reason-an-external-deployment-offers-what-its-source-offers = Un despliegue externo ofrece lo que ofrece su origen.
reason-an-address-such-as-http-archive-ubuntu-com-ubuntu-without-a-password = Una dirección como http://archive.ubuntu.com/ubuntu, sin contraseña.
reason-the-suite-as-it-stands-in-a-source-line-such-as-bookworm = La suite como en una línea de origen, por ejemplo bookworm.
reason-components-between-blanks-such-as-main-universe = Componentes separados por espacios, como main universe.
reason-two-of-the-components-would-have-the-same-name = Dos de los componentes tendrían el mismo nombre.
reason-options-as-apt-writes-them-such-as-arch-amd64 = Opciones como las escribe apt, por ejemplo [arch=amd64].
reason-options-between-blanks-such-as-gpgcheck-1 = Opciones separadas por espacios, como gpgcheck=1.
reason-at-most-characters = Como máximo { $limit } caracteres.
reason-deployment-has-no-cache = El despliegue { $name } no tiene caché.
reason-a-whole-number-of-minutes-is-needed = Hace falta un número entero de minutos.
reason-the-release-changes-too-fast = la distribución cambia demasiado deprisa
reason-the-signing-key-of-the-site-is-still-being-made = la clave de firma del sitio aún se está creando
reason-too-many-changes-are-waiting = hay demasiados cambios en espera
reason-the-site-changes-too-fast = el sitio cambia demasiado deprisa

# Computers
reason-cid-is-unsubscribed-it-would-be-refused = CID-{ $computer } está dado de baja: no se le atendería.
reason-cid-never-synchronised-its-attributes-are-not-known = CID-{ $computer } no se ha sincronizado nunca: no se conocen sus atributos.
reason-one-of-the-statuses-of-a-computer = Tiene que ser uno de los estados de un ordenador.
reason-is-no-status = «{ $word }» no es un estado.
reason-is-p-or-v = Tiene que ser P o V.
reason-is-no-column = «{ $word }» no es una columna.
reason-is-no-kind-of-object = «{ $word }» no es una clase de objeto.

# Formulas, attributes, fault definitions, patterns
reason-a-prefix-is-one-to-three-letters-or-digits = Un prefijo son de una a tres letras o cifras.
reason-a-name-is-needed-of-at-most-50-characters = Hace falta un nombre, de 50 caracteres como máximo.
reason-a-formula-that-clients-evaluate-needs-code = Una fórmula que evalúan los clientes necesita código.
reason-the-prefix-of-a-built-in-formula-stays-as-it-is = El prefijo de una fórmula integrada no cambia.
reason-a-formula-stays-what-it-is-built-in-evaluated-by-clients-or-a-tag-category = Una fórmula sigue siendo lo que es: integrada, evaluada por los clientes o categoría de etiquetas.
reason-is-built-in = { $prefix } viene integrada.
reason-formula-is-built-in-it-can-be-disabled-not-deleted = La fórmula { $prefix } viene integrada: se puede desactivar, no borrar.
reason-a-formula-with-prefix-exists-already = Ya existe una fórmula con el prefijo { $prefix }.
reason-formula-has-attributes-named-by-confirm-that-they-disappear = La fórmula { $prefix } tiene atributos ({ $count }), nombrados por: { $objects }; confirme que desaparecen.
reason-the-server-makes-the-attributes-of = Los atributos de { $prefix } los crea el servidor.
reason-attribute-is-named-by-confirm-that-it-disappears = El atributo { $name } está nombrado por: { $objects }; confirme que desaparece.
reason-attribute-of-something-that-is-gone-is-still-named-by-take-it-out-of-them-first = El atributo { $name }, de algo que ya no existe, está nombrado por: { $objects }; quítelo antes de ellos.
reason-there-is-no-attribute = No hay ningún atributo { $name }.
reason-is-built-in-it-cannot-be-changed-by-hand = { $name } viene integrado: no se cambia a mano.
reason-attribute-exists-already = El atributo { $name } ya existe.
reason-fault-definition-has-faults-confirm-that-they-disappear = La definición de falla { $name } tiene fallas ({ $count }): confirme que desaparecen.
reason-a-fault-definition-named-exists-already = Ya existe una definición de falla llamada { $name }.
reason-an-empty-pattern-would-check-every-error = Un patrón vacío marcaría todos los errores.
reason-it-is-no-regular-expression = No es una expresión regular: { $problem }.

# Settings
reason-belongs-to-the-process-set-it-where-the-server-starts = { $name } es del proceso: se indica al arrancar el servidor.
reason-true-or-false = true o false.
reason-a-whole-number-not-negative = Un número entero, no negativo.
reason-fields-of-a-computer-such-as-id-name-ip-address = Campos de un ordenador, como id, name, ip_address.
reason-there-is-no-such-setting = No hay tal opción.

# Schedules
reason-deployments-use-schedule-confirm-that-they-lose-it = Hay despliegues que usan el calendario { $name }, confirme que lo pierden: { $deployments }.
reason-a-schedule-named-exists-already = Ya existe un calendario llamado { $name }.
reason-at-most-delays = Como máximo { $limit } demoras.
reason-0-to-business-days = De 0 a { $limit } días laborables.
reason-1-to-business-days = De 1 a { $limit } días laborables.
reason-there-is-a-delay-of-days-already = Ya hay una demora de { $delay } días.
reason-a-number-of-days-is-needed = Hace falta un número de días.
reason-there-is-no-schedule = No hay ningún calendario { $name }.

# Moves and clean-up
reason-has-no-packages-of-this-site = «{ $name }» no tiene paquetes de este sitio.
reason-cannot-take-these-packages = «{ $name }» no puede recibir estos paquetes.
reason-is-not-in-this-deployment = «{ $name }» no está en este despliegue.
reason-a-deployment-is-needed = Hace falta un despliegue.
reason-there-are-packages-in-no-deployment-now-not-look-again = Ahora hay { $now } paquetes sin despliegue, no { $count }: vuelva a mirar.
reason-1-to-rows-of-the-audit-log = De 1 a { $limit } filas del registro de auditoría.
reason-audit-row-cannot-be-undone-it-changed-nothing-that-can-be-taken-back-or-is-more-than-30-days-old = La fila { $id } de la auditoría no se puede deshacer: no cambió nada que pueda devolverse, o tiene más de 30 días.
reason-audit-row-cannot-be-undone-was-changed-again-since-or-is-in-use-undo-that-first = La fila { $id } de la auditoría no se puede deshacer: { $table } { $row } se cambió después o está en uso; deshaga eso primero.
reason-audit-row-is-undone-already = La fila { $id } de la auditoría ya está deshecha.
reason-many-computers-would-lose-something-see-what-the-change-does-and-confirm-it = Muchos equipos perderían algo: mire qué hace el cambio y confírmelo.
reason-a-policy-named-exists-already = Ya existe una política llamada «{ $name }».
reason-an-application-named-exists-already = Ya existe una aplicación llamada «{ $name }».
reason-at-most-groups = Como mucho { $limit } grupos.
reason-two-groups-have-priority = Dos grupos tienen la prioridad { $number }.
reason-there-is-no-application = No hay ninguna aplicación «{ $name }».
reason-there-is-no-project = No hay ningún proyecto «{ $name }».
reason-policies-name-application-confirm-that-they-lose-it = { $count } políticas nombran la aplicación «{ $name }»: confirme que la pierden.
reason-it-is-1-to-5 = Es de 1 a 5.
reason-it-is-no-png-jpeg-gif-or-webp-image = No es una imagen PNG, JPEG, GIF o WebP.


# Tags and attribute sets
reason-there-is-no-tag-of-an-enabled-category = No hay ninguna etiqueta { $name } en una categoría activada.
reason-there-is-no-computer = No hay ningún ordenador { $name }.
reason-tag-exists-already = La etiqueta { $name } ya existe.
reason-tag-was-given-to-computers-and-is-named-by-confirm-that-it-disappears = La etiqueta { $name } está asignada a ordenadores ({ $count }) y nombrada por: { $objects }; confirme que desaparece.
reason-tag-stands-for-the-domain-change-or-delete-that = La etiqueta { $name } representa el dominio { $domain }: cambie o borre ese.
reason-domains-live-by-it-stays = Los dominios viven de { $prefix }: no puede cambiar.
reason-a-tag-of-category-stands-for-the-domain = Una etiqueta de la categoría { $prefix } representa el dominio { $domain }.
reason-category-has-tags-named-by-confirm-that-they-disappear = La categoría { $prefix } tiene etiquetas ({ $count }), nombradas por: { $objects }; confirme que desaparecen.
reason-attribute-sets-cannot-name-each-other-in-a-circle = Los conjuntos de atributos no pueden nombrarse en círculo: { $names }.
reason-the-value-of-a-tag-has-no-and-no-line-break = El valor de una etiqueta no lleva ~ ni saltos de línea.
reason-in-a-category-of-this-kind-that-value-stands-for-nothing = En una categoría de esta clase ese valor no representa nada.
reason-a-name-is-needed-of-at-most-50-characters-in-one-line = Hace falta un nombre de 50 caracteres como máximo, en una sola línea.
reason-all-systems-is-the-set-of-every-computer = ALL SYSTEMS es el conjunto de todos los ordenadores.
