// Package shell reads the scripts of steps.
//
// Its facts are what a rule needs to judge a script without running it: the
// commands and their words, the files that they write, which of them end the
// script when they fail, and which parts of the text are code, quoted or
// comments. Every fact has its offsets in the text.
//
// # Variables of Tekton
//
// Tekton replaces $(params.x) before a shell sees the script, but to a shell
// $(params.x) is a command substitution. A [Reader] is told where the variables
// of Tekton are. To the shell they are plain text, wherever they are; in a word
// each one is a [Part] of kind [Variable].
//
// # What is not read
//
// A script for another interpreter has no commands. A shell runs a script up to
// its first syntax error, so the commands before the error are read, and those
// after it are not. [Script.Err] is the error. Very long scripts and very deep ones are
// not read either, see [Script.TooLong] and [Script.TooDeep]. A rule that reports the absence of
// a command has to look at it first.
//
// Scripts are read as bash, since what /bin/sh is depends on the image; those for
// mksh and zsh are read as such. The arguments of eval and trap are words like
// any other.
package shell
