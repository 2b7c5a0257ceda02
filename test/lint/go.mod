module github.com/tekwright/tekwright/test/lint

go 1.26.4

replace github.com/tekwright/tekwright => ../..

require (
	github.com/stretchr/testify v1.12.1
	github.com/tektoncd/pipeline v1.15.1
	github.com/tektoncd/triggers v0.37.0
	github.com/tekwright/tekwright v0.0.0-00010101000000-000000000000
)
