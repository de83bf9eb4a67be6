# Pre-training takes 20 seconds, and twenty times that under sanitizers: there the test runs --quick, without comparing the output.
set(slow TRUE)
