// The analyzer is a module of its own: it needs golang.org/x/tools, and newer versions of
// golang.org/x/mod and golang.org/x/sys than the library requires. Programs that write
// manifests would get those as well. It knows the library by the names of its types, and
// does not require it, so that one tekwright-vet works with every version of the library.
module github.com/tekwright/tekwright/vet

go 1.26.4

require (
	github.com/golangci/plugin-module-register v0.1.2 // golangci-lint's module plugin system; golangci alone imports it
	github.com/stretchr/testify v1.12.1 // tests only
	golang.org/x/tools v0.52.0 // go/analysis: the frame of the analyzer, the driver for go vet, and loading packages in tests
)

require (
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/mod v0.42.0 // indirect
	golang.org/x/sync v0.24.0 // indirect
)
