// Package scripts runs the scripts of the catalogue on this machine, with the real
// git, go, helm, kubectl, awk and shell, and with stand-ins for what needs a daemon
// or a cluster: results, refusals, and that what an attacker may send arrives as
// data. What this machine lacks is skipped, loudly.
//
// The variable TEKWRIGHT_SHELL names another shell than sh, such as "busybox sh".
//
// It is a module of its own since it needs more programs, and more time, than the
// library's tests: some ten thousand processes.
package scripts
