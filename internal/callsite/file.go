package callsite

import (
	"path"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
)

// fileOf returns the name of the file of a frame: the path in the main module, such as
// ci/main.go, or the import path of the package and the name of the file for other
// modules. Unlike frame.File, it is the same on every machine and does not depend on
// -trimpath.
//
// It follows from the import path of the package, since the directory of a package in
// its module is the rest of that path. Only the name of the file is that of the frame.
func fileOf(f runtime.Frame) string {
	name := path.Base(f.File)
	pkg := packageOf(f.Function)
	if strings.HasSuffix(name, "_test.go") {
		pkg = strings.TrimSuffix(pkg, "_test")
	}
	built := build()
	if pkg == "main" {
		pkg = built.program
	}
	switch rest, inside := strings.CutPrefix(pkg, built.module); {
	case pkg == "" || pkg == adHoc:
		return name
	case built.module != "" && inside && rest == "":
		return name
	case built.module != "" && inside && rest[0] == '/':
		return rest[1:] + "/" + name
	}
	return pkg + "/" + name
}

// adHoc is the import path of a program that is given as a list of files.
const adHoc = "command-line-arguments"

// packageOf returns the import path of the package of a function. The linker writes a
// dot in the last element of the path as %2e.
func packageOf(function string) string {
	slash := strings.LastIndexByte(function, '/') + 1
	dot := strings.IndexByte(function[slash:], '.')
	if dot < 0 {
		return ""
	}
	return function[:slash] + strings.ReplaceAll(function[slash:slash+dot], "%2e", ".")
}

// building is what is known about the build of the program.
type building struct {
	program string // import path of package main
	module  string // path of the main module
}

// build returns what the linker stored in the program. Other build systems than the
// go command store nothing.
var build = sync.OnceValue(func() building {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return building{}
	}
	return building{strings.TrimSuffix(info.Path, ".test"), info.Main.Path}
})
