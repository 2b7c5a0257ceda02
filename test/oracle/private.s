// Empty: lets private.go declare functions without a body.
