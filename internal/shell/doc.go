// Package shell reads the scripts of steps and says which words they have.
//
// Its facts are what a rule needs to judge a script without running it: the
// commands with their words, where they read and write, which of them end the
// script when they fail, which part of the text is code and which is a comment
// or quoted. Every fact has the offsets of the text that it comes from.
//
// # Variables of Tekton
//
// Tekton replaces $(params.x) before a shell sees the script, but to a shell
// $(params.x) is a command substitution. A [Reader] is told where Tekton's
// variables are, and takes each one for a piece of plain text: a [Part] of kind
// [Variable].
//
// # What is not read
//
// A script for another interpreter has no commands. A shell runs a script up to
// its first syntax error; so the commands before it are read, those behind it
// are not, and [Script.Err] says why. A rule that concludes something from the
// absence of a command has to look at Err first.
//
// The syntax is that of bash, of which the scripts for other shells are nearly
// always a part. What a command does is not known here: "eval" and "trap" have
// words as any other command.
package shell
