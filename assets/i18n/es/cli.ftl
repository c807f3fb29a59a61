cli-interrupted = interrumpido
serve-listening = Este sitio se sirve en { $url }
serve-demo = Es una demostración: la contraseña de cada cuenta es su nombre.
serve-first-password = Primer arranque: la cuenta es «admin» y su contraseña { $password }
serve-first-link = Elija otra contraseña aquí, una sola vez y antes de 24 horas: { $link }
serve-cannot-listen = no se puede escuchar en { $address }: { $reason }; detenga lo que usa el puerto o elija otro con --listen
serve-cannot-make-directory = no se puede crear el directorio de datos { $path }: { $reason }; elija con --data uno donde pueda escribir
emulate-computers = { $count ->
    [one] 1 ordenador
   *[other] { $count } ordenadores
}
emulate-first = Registrados y sincronizados por primera vez: { $rate } por segundo
emulate-unchanged = Sincronizados sin cambios: { $rate } por segundo
emulate-latency = La mitad tardó hasta { $p50 } ms, 99 de cada 100 hasta { $p99 } ms
emulate-failed = { $count } fallaron; el primero, porque: { $reason }
why-installs = instala { $package }
why-removes = desinstala { $package }
why-offers = ofrece la versión { $version }
why-included = llega al ordenador, que tiene { $attribute }
why-excluded = no llega al ordenador: { $attribute } está excluido
why-not-included = no llega al ordenador: no tiene ninguno de los atributos incluidos
why-not-started = todavía no llega al ordenador: empieza el { $date }
why-disabled = no llega a nadie: está desactivado
why-no-token = hace falta una credencial: --token-file FILE o la variable de entorno MIGAS_TOKEN
upload-stored = { $file }: guardado
upload-replaced = { $file }: sustituido
upload-moved = { $file }: movido a este almacén
upload-unchanged = { $file }: ya estaba
upload-refused = { $file } se ha rechazado: { $reason }
upload-unauthorised = la cuenta y la contraseña no coinciden, o la credencial no se conoce
upload-user = Cuenta
upload-password = Contraseña
upload-project = Proyecto
upload-store = Almacén
upload-empty = { $what } sin valor: indíquelo con una opción o en la sección [packager] de la configuración
upload-no-file = { $file } no es un archivo
upload-strange-answer = la respuesta no es de un servidor migas
