# Folders below /public/.
public-folder = Folder { $path }
public-name = Name
public-size = Bytes
public-date = Date
