repo-making-key = Creando una clave de firma
repo-reading = Leyendo paquetes
repo-publishing = Publicando
repo-key-made = Se ha creado una clave de firma: { $path }. Guárdela: los ordenadores confiarán en ella.
repo-refused-file = rechazado { $path }: { $reason }
repo-refused = { $count ->
    [one] un fichero no es un paquete de este repositorio
   *[other] { $count } ficheros no son paquetes de este repositorio
}
repo-built = { $count ->
    [one] El repositorio tiene un paquete
   *[other] El repositorio tiene { $count } paquetes
} ({ $added } añadidos, { $removed } quitados).
repo-signed = Firmado por { $fingerprint }.
repo-unchanged = { $count ->
    [one] Nada ha cambiado: un paquete.
   *[other] Nada ha cambiado: { $count } paquetes.
}
