cli-interrupted = interrupted
serve-listening = Serving this site at { $url }
serve-demo = This is a demonstration: the password of each account is its name.
serve-first-password = First start: the account is “admin”, its password { $password }
serve-first-link = Choose another password here, once and within 24 hours: { $link }
serve-cannot-listen = cannot listen on { $address }: { $reason }; stop what uses the port or choose another with --listen
serve-cannot-make-directory = cannot make the data directory { $path }: { $reason }; choose one that you may write with --data
emulate-computers = { $count ->
    [one] 1 computer
   *[other] { $count } computers
}
emulate-first = Registered and synchronised the first time: { $rate } a second
emulate-unchanged = Synchronised without a change: { $rate } a second
emulate-latency = Half took up to { $p50 } ms, 99 of 100 up to { $p99 } ms
emulate-failed = { $count } failed, the first because: { $reason }
why-installs = installs { $package }
why-removes = removes { $package }
why-offers = offers version { $version }
why-included = reaches the computer, which has { $attribute }
why-excluded = does not reach the computer: { $attribute } is excluded
why-not-included = does not reach the computer: it has none of the included attributes
why-not-started = does not reach the computer yet: starts on { $date }
why-disabled = reaches nobody: it is disabled
why-no-token = a token is needed: --token-file FILE, or the environment variable MIGAS_TOKEN
upload-stored = { $file }: stored
upload-replaced = { $file }: replaced
upload-moved = { $file }: moved to this store
upload-unchanged = { $file }: is there already
upload-refused = { $file } was refused: { $reason }
upload-unauthorised = account and password do not match, or the token is not known
upload-user = Account
upload-password = Password
upload-project = Project
upload-store = Store
upload-empty = empty { $what }: give it as an option or in section [packager] of the configuration
upload-no-file = { $file } is not a file
upload-strange-answer = the answer is not from a migas server
