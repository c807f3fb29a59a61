# Carpetas de /public/.
public-folder = Carpeta { $path }
public-name = Nombre
public-size = Bytes
public-date = Fecha
