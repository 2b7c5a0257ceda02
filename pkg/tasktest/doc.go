// Package tasktest tests the steps of Tasks without a cluster.
//
//	c := tasktest.Case{
//		Task:     tasktest.Define(task),
//		Params:   tasktest.Params{"namespace": "staging"},
//		Commands: map[string]tasktest.Command{"kubectl": {Stdin: true}},
//	}
//	host := tasktest.Host{Path: os.Getenv("PATH")}
//	tasktest.Do(t, c, host).OK(t).Called(t, "kubectl", "apply", "--namespace", "staging")
//
// The case with values that attack a shell:
//
//	tasktest.Hostile(t, c, host, "namespace") // no value is run, or arrives changed
//
// The case in containers, with podman or docker:
//
//	tasktest.Do(t, c, tasktest.Containers{}).OK(t) // in the images of the steps
//
// A [Case] has the Task and its inputs. [Do] and [Run] run all steps in order, and return a
// [Result]: exit codes, output, results, files, and the calls of commands that were replaced
// by recorders. [Hostile] repeats a case with values that attack a shell.
//
// # What is as in a cluster
//
// Variables, defaults, the stepTemplate and StepActions of the same set; scripts without an
// interpreter, which run by /bin/sh with set -e; onError, timeouts, when expressions and
// results of steps; stdoutConfig and stderrConfig; environment variables with values from
// Secrets and ConfigMaps, and volumes of both; the types of results and their maximum size.
// The package test/oracle holds the values of all variables against Tekton's own code.
//
// # Where steps run
//
// [Host] runs them as processes of this machine, with its programs. [Containers] runs them in
// their images, by podman or docker.
//
// A test runs the scripts of a Task with the rights of whoever starts it. Only test Tasks
// that you would also run yourself.
//
// Everything a run writes is in a folder of its own, which is removed. The package reads no
// environment variables, except that the folder is in os.TempDir.
package tasktest
