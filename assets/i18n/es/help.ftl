# Ayuda de la línea de órdenes; el texto inglés está en los argumentos (src/cli/).
help-usage = Uso:
help-commands = Órdenes
help-options = Opciones
help-arguments = Argumentos
help_help = Muestra la ayuda
help_version = Muestra la versión

help = Distribuye programas a los ordenadores Linux de un sitio

help-serve = Sirve el sitio: administración, sincronización, repositorios
help-serve-long =
    Sirve el sitio: administración, sincronización, repositorios

    Todo se guarda en un solo archivo, DIR/migas.db. El primer arranque muestra una contraseña
    generada para la cuenta admin y un enlace con el que elegir otra.

    Ejemplos:
      migas serve
      migas serve --data /srv/migas --listen 192.168.1.10:80
      migas serve --demo
help-serve_data = Directorio del sitio [por omisión: /var/lib/migas como root, ./migas-data si no]
help-serve_listen = Dirección y puerto [por omisión: [::]:80 como root, [::]:8080 si no]
help-serve_admin-password-file = Toma la primera contraseña del administrador de la primera línea de FILE
help-serve_demo = Un sitio para probar: cuentas del libro con contraseñas conocidas, solo en este equipo

help-token = Credenciales de acceso para programas
help-token-create = Muestra una credencial nueva de una cuenta
help-token-create-long =
    Muestra una credencial nueva de una cuenta

    Funciona con el servidor en marcha. La credencial tiene los permisos de su cuenta, o los de
    --right que la cuenta tenga; se muestra una sola vez.

    Ejemplos:
      migas token create --data /var/lib/migas --user admin
      migas token create --user packager --right package:add --right store:add --expires 2027-01-31
help-token-create_data = Directorio del sitio
help-token-create_user = Cuenta cuyos permisos tendrá la credencial
help-token-create_name = Para qué es la credencial, tal como aparece en la lista
help-token-create_expires = Último día en que funciona, como 2027-01-31
help-token-create_right = Qué puede hacer, como package:add; se repite para más [por omisión: todo lo que puede su cuenta]
help-token-list = Muestra las credenciales, nunca su secreto
help-token-list-long =
    Muestra las credenciales, nunca su secreto

    Ejemplo:
      migas token list --json
help-token-list_data = Directorio del sitio
help-token-list_json = Muestra una lista JSON
help-token-revoke = Revoca una credencial: lo que la use deja de funcionar al momento
help-token-revoke-long =
    Revoca una credencial: lo que la use deja de funcionar al momento

    Ejemplo:
      migas token revoke 7
help-token-revoke_data = Directorio del sitio
help-token-revoke_id = Número de la credencial en la lista

help-user = Cuentas que administran el sitio
help-user-list = Muestra las cuentas con sus grupos
help-user-list-long =
    Muestra las cuentas con sus grupos

    Ejemplo:
      migas user list --json
help-user-list_data = Directorio del sitio
help-user-list_json = Muestra una lista JSON
help-user-add = Añade una cuenta
help-user-add-long =
    Añade una cuenta

    Funciona con el servidor en marcha. Sin --password-file se genera una contraseña, que se
    muestra una sola vez.

    Ejemplos:
      migas user add ana --group Reader --group Packager
      migas user add root2 --superuser --password-file /root/secret
help-user-add_data = Directorio del sitio
help-user-add_name = Nombre de la cuenta
help-user-add_group = Grupo en el que se pone; se repite para más
help-user-add_superuser = Puede hacerlo todo
help-user-add_password-file = Toma la contraseña de la primera línea de FILE
help-user-password = Pone otra contraseña; las sesiones de la cuenta terminan
help-user-password-long =
    Pone otra contraseña; las sesiones de la cuenta terminan

    Funciona con el servidor en marcha. Sin --password-file se genera una contraseña, que se
    muestra una sola vez: también es el camino de vuelta para quien olvidó la suya.

    Ejemplo:
      migas user password admin
help-user-password_data = Directorio del sitio
help-user-password_name = Nombre de la cuenta
help-user-password_password-file = Toma la contraseña de la primera línea de FILE
help-user-groups = Sustituye los grupos de una cuenta
help-user-groups-long =
    Sustituye los grupos de una cuenta

    Ejemplo:
      migas user groups ana Reader Liberator
help-user-groups_data = Directorio del sitio
help-user-groups_name = Nombre de la cuenta
help-user-groups_groups = Grupos en los que queda; ninguno: fuera de todos
help-user-disable = Desactiva una cuenta: ni entra ni usa credenciales
help-user-disable_data = Directorio del sitio
help-user-disable_name = Nombre de la cuenta
help-user-enable = Activa de nuevo una cuenta
help-user-enable_data = Directorio del sitio
help-user-enable_name = Nombre de la cuenta

help-repo = Repositorios sin un sitio
help-repo-build = Hace un repositorio apt o yum firmado de una carpeta de paquetes
help-repo-build-long =
    Hace un repositorio apt o yum firmado de una carpeta de paquetes

    Lee todos los .deb, o todos los .rpm, bajo DIR (también en subcarpetas) y escribe un repositorio
    estático para un servidor web o una memoria USB. La segunda vez lee solo lo que cambió, y no escribe nada si nada
    cambió. Los paquetes son enlaces duros donde el sistema de archivos los tiene, copias donde no.
    Lo sustituido se conserva un día, para que ningún ordenador falle en medio de una actualización.

    La primera vez hace una clave de firma (RSA-4096) junto al archivo de estado, salvo que --key
    nombre una; guárdela: los ordenadores confían en ella. La clave pública es OUT/migas.asc.

    Código de salida: 0 si el repositorio tiene todos los paquetes; 1 si algunos fueron rechazados
    (los demás están; los motivos salen por el error estándar); 2 con otros errores; 75 si se está
    haciendo otro.

    Ejemplos:
      migas repo build --packages incoming --out /var/www/html/apt
      migas repo build --packages debs --out /media/stick/apt --suite lab --key lab.asc --json
      migas repo build --packages rpms --out /var/www/html/yum --format yum
help-repo-build_packages = Carpeta de los paquetes
help-repo-build_out = Raíz del repositorio; se crea si no existe
help-repo-build_state = Lo que se recuerda de una vez a otra [por omisión: OUT.migas-state]
help-repo-build_key = Clave secreta en texto, sin contraseña; se hace si no existe [por omisión: STATE.key.asc]
help-repo-build_suite = Nombre del repositorio: en la línea de orígenes, y de su carpeta
help-repo-build_format = Paquetes que se publican: apt (.deb) o yum (.rpm) [por omisión: los que tenga DIR]
help-repo-build_json = Muestra un objeto JSON

help-emulate = Somete un servidor a ordenadores sintéticos y dice lo rápido que fue
help-emulate-long =
    Somete un servidor a ordenadores sintéticos y dice lo rápido que fue

    Cada ordenador ejecuta el código real del cliente: se registra, se sincroniza una vez como nuevo,
    después tantas veces como se pida actualizando paquetes, lo que llena los históricos del sitio, y
    por fin se miden las sincronizaciones que no cambian nada. Los ordenadores se quedan en el
    servidor: use un sitio hecho para esto.

    Código de salida: 0 si todas las sincronizaciones salieron bien, 1 si algunas fallaron, 2 si no
    se pudo intentar ninguna.

    Ejemplo:
      migas emulate --server http://127.0.0.1:8080 --project debian-12 --computers 1000
help-emulate_server = Dirección del servidor
help-emulate_project = Proyecto de los ordenadores
help-emulate_computers = Número de ordenadores
help-emulate_changes = Sincronizaciones de cada ordenador que actualizan paquetes
help-emulate_syncs = Sincronizaciones sin cambios de cada ordenador
help-emulate_parallel = Sincronizaciones a la vez
help-emulate_json = Muestra un objeto JSON

help-client = Trabaja como cliente de un sitio en este ordenador
help-client_config = Archivo de configuración (por omisión /etc/migas.conf)
help-client_root = Trabaja en el sistema que hay bajo DIR: una imagen, un chroot
help-client_json = Muestra un objeto JSON
help-client_debug = Registra con detalle y conserva los archivos temporales
help-client-update = Sincroniza este ordenador con su servidor
help-client-update-long =
    Sincroniza este ordenador con su servidor

    Evalúa fórmulas, configura repositorios, desinstala, instala y actualiza paquetes, e informa.
    Código de salida: 0 hecho, 1 un paso falló, 2 rechazado, 13 no es root, 69 no se alcanza el
    servidor, 75 ya hay otra en marcha, 130 interrumpida.

    Ejemplo:
      migas client update --json
help-client-update_force-upgrade = Actualiza los paquetes aunque Auto_Update_Packages sea false
help-client-search = Busca paquetes en los repositorios
help-client-search_text = Parte de un nombre o descripción
help-client-install = Instala paquetes
help-client-install_packages = Paquetes
help-client-install_yes = No pregunta
help-client-remove = Desinstala paquetes
help-client-remove_packages = Paquetes
help-client-remove_yes = No pregunta
help-client-register = Registra este ordenador en su servidor
help-client-register-long =
    Registra este ordenador en su servidor

    Pide una cuenta si el proyecto no registra ordenadores por sí mismo.

    Ejemplo:
      migas client register --user admin --password-file /root/password
help-client-register_user = Cuenta que puede registrar ordenadores
help-client-register_password-file = Archivo cuya primera línea es su contraseña
help-client-info = Muestra quién es este ordenador: todo, o un valor
help-client-info_search = Valor por el que se busca este ordenador en el servidor
help-client-info_id = Número de este ordenador en su servidor
help-client-info_uuid = UUID
help-client-info_name = Nombre
help-client-why = Dice por qué un paquete es, o no es, para este ordenador
help-client-why_package = Paquete
help-client-tags = Muestra y asigna las etiquetas de este ordenador
help-client-tags-long =
    Muestra y asigna las etiquetas de este ordenador

    Con --set: avisa al servidor, sincroniza, desinstala lo que querían las etiquetas anteriores y
    no las nuevas, e instala lo que quieren las nuevas.

    Ejemplo:
      migas client tags --set LAB-one FLV-KIDS
help-client-tags_available = Muestra las etiquetas que se ofrecen a este ordenador, en JSON por categoría
help-client-tags_get = Muestra las etiquetas de este ordenador, una por línea, entre comillas
help-client-tags_set = Asigna estas etiquetas a este ordenador, sincroniza, e instala y desinstala lo que resulta; sin ninguna pregunta, "" las quita todas
help-client-tags_communicate = Asigna estas etiquetas a este ordenador solo en el servidor
help-client-hardware = Muestra el hardware de este ordenador como lo ve su servidor, en JSON
help-client-graphical-user = Muestra el usuario de la sesión gráfica, `login~nombre completo`
help-client-graphical-user-long =
    Muestra el usuario de la sesión gráfica, `login~nombre completo`

    Para fórmulas y guiones. Código de salida 1 sin sesión gráfica.

help-why = Dice por qué un paquete es, o no es, para un ordenador
help-why-long =
    Dice por qué un paquete es, o no es, para un ordenador

    Junto al servidor lee la base de datos, esté en marcha o no. Con --server pregunta por la red,
    con una credencial de `migas token create` que está en la variable de entorno MIGAS_TOKEN o en
    la primera línea de un archivo.

    Estado de salida: 0 si algún despliegue nombra u ofrece el paquete, 1 si ninguno.

    Ejemplos:
      migas why --computer CID-7 vim
      migas why --computer 7 --server https://migas.example.org --token-file token vim
help-why_package = Nombre del paquete
help-why_computer = El ordenador, CID-7 o 7
help-why_data = Directorio del sitio
help-why_server = Dirección del servidor al que preguntar en su lugar
help-why_token = Credencial para el servidor
help-why_token-file = Lee la credencial de la primera línea de FILE
help-why_json = Muestra un objeto JSON

help-upload = Sube archivos de paquetes a un almacén de un sitio
help-upload-long =
    Sube archivos de paquetes a un almacén de un sitio

    Lo que no se indica viene de la sección [packager] de la configuración del cliente; lo que aún
    falte se pregunta. Un archivo del mismo nombre con otro contenido se rechaza si no se da
    --replace. La cuenta debe poder añadir y cambiar paquetes y almacenes.

    Los proyectos con yum, dnf o zypper aceptan también metadatos de repositorios, comprimidos o no:
    comps.xml, updateinfo.xml y modules.yaml se reconocen por su contenido y se incluyen en los
    despliegues como los paquetes.

    Con --dir todos los archivos de un directorio forman un conjunto de paquetes, con sus
    subdirectorios: un registro que los despliegues toman entero. Los que no son paquetes del
    proyecto quedan como archivos corrientes. El conjunto aparece, o se sustituye, cuando está
    completo; solo se envía el contenido que le falta al servidor.

    Estado de salida: 0 si todos los archivos están guardados; 1 si alguno se rechazó (la razón
    sale por la salida de errores); 2 con otros fallos; 69 si no se llega al servidor.

    Ejemplos:
      migas upload --server migas.example.org --project debian-12 --store acme acme_1.0_all.deb
      migas upload --user admin --password-file pw --project debian-12 --store acme *.deb
      migas upload --token-file token --project fedora-40 --store acme *.rpm comps.xml
      migas upload --project debian-12 --store frozen --replace -d /srv/mirror -n debian-main
help-upload_files = Archivos que se suben
help-upload_dir = Sube todos los archivos de un directorio como un conjunto de paquetes
help-upload_name = Nombre del conjunto, si no es el del directorio
help-upload_server = Dirección del servidor
help-upload_user = Cuenta que sube los archivos
help-upload_password-file = Toma su contraseña de la primera línea de FILE
help-upload_pwd = Su contraseña, como la toma la orden del libro
help-upload_token-file = Toma una credencial de la primera línea de FILE en lugar de cuenta y contraseña
help-upload_project = Proyecto de los paquetes
help-upload_store = Almacén que recibe los archivos; se crea si no existe
help-upload_replace = Otro contenido ocupa el lugar de un archivo o conjunto del mismo nombre
help-upload_regular-file = Guarda los archivos tal cual, sin registros de paquetes
help-upload_no-create-repo = Los despliegues con un paquete sustituido mantienen el anterior hasta que se publiquen de nuevo
help-upload_config = Archivo de configuración del que se toma [packager]
help-upload_json = Muestra un objeto JSON por cada archivo, o del conjunto
help-settings = Ajustes del sitio
help-settings-show = Muestra cada ajuste con su valor y de dónde procede
help-settings-show-long =
    Muestra cada ajuste con su valor y de dónde procede

    Los ajustes del proceso (listen, log, zona horaria…) se muestran tal como esta orden los lee de
    migas.toml y de su propio entorno; un servidor en marcha puede haberse iniciado con otros.

    Ejemplos:
      migas settings show --data /var/lib/migas
      migas settings show --json
help-settings-show_data = Directorio del sitio
help-settings-show_json = Muestra un único vector JSON
help-settings-get = Muestra el valor de un ajuste
help-settings-get-long =
    Muestra el valor de un ajuste

    Ejemplo:
      migas settings get ORGANIZATION
help-settings-get_data = Directorio del sitio
help-settings-get_name = Nombre del ajuste
help-settings-set = Cambia un ajuste del sitio, con efecto inmediato
help-settings-set-long =
    Cambia un ajuste del sitio, con efecto inmediato

    Funciona con el servidor en marcha. El cambio queda anotado en el registro de auditoría.

    Ejemplos:
      migas settings set ORGANIZATION "Ayuntamiento"
      migas settings set COMPUTER_SEARCH_FIELDS name,ip_address
      migas settings set HW_PERIOD --default
help-settings-set_data = Directorio del sitio
help-settings-set_name = Nombre del ajuste
help-settings-set_value = Valor nuevo
help-settings-set_default = Vuelve al valor por omisión

help-migasfree = Configura los programas de este ordenador (las opciones del libro)
help-migasfree-examples =
    Ejemplos:
      migasfree -u
      migasfree -s vim
      migasfree -ip vim
      migasfree -g --user=admin
help-migasfree_update = Sincroniza este ordenador
help-migasfree_force-upgrade = Con -u: actualiza los paquetes aunque Auto_Update_Packages sea false
help-migasfree_search = Busca paquetes en los repositorios
help-migasfree_install = Instala un paquete
help-migasfree_remove = Desinstala un paquete
help-migasfree_package = Paquete que instalar o desinstalar
help-migasfree_register = Registra este ordenador
help-migasfree_user = Con -g: cuenta que puede registrar ordenadores
help-migasfree_config = Archivo de configuración
help-migasfree_root = Trabaja en el sistema que hay bajo DIR
help-migasfree_json = Muestra un objeto JSON

help-migasfree-upload = Sube un paquete o un conjunto al servidor (las opciones del libro)
help-migasfree-upload-examples =
    Ejemplos:
      migasfree-upload -f acme_1.0_all.deb -u admin -m debian-12 -s acme
      migasfree-upload -d ./acme-set -n acme -u admin -m debian-12 -s acme
help-migasfree-upload_file = Archivo del paquete que subir
help-migasfree-upload_regular-file = El archivo no es un paquete
help-migasfree-upload_dir = Directorio que subir como conjunto de paquetes
help-migasfree-upload_name = Nombre del conjunto, si no es el del directorio
help-migasfree-upload_user = Cuenta que lo sube
help-migasfree-upload_pwd = Su contraseña
help-migasfree-upload_main-project = Proyecto del paquete
help-migasfree-upload_store = Almacén que lo recibe
help-migasfree-upload_no-create-repo = No vuelve a publicar los despliegues
