cli-interrupted = interrumpido
