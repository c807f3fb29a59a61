cli-interrupted = interrupted
