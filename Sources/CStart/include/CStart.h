/* Nothing is to be called here: start.c runs by itself, before main. */
