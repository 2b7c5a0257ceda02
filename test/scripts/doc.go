// Package scripts runs the scripts of the catalogue on the local machine, with
// the real git, go, helm, kubectl, awk and shell, and with fakes for programs
// that need a daemon or a cluster. It tests their results and errors, and that
// hostile input is treated as data. Tests of programs that are not installed
// are skipped with a message.
//
// The environment variable TEKWRIGHT_SHELL selects a shell other than sh, such
// as "busybox sh".
//
// It is a separate module because it needs more programs and more time than the
// tests of the library: it starts about ten thousand processes.
package scripts
