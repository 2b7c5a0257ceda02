// Package bound has the types of Tasks that live elsewhere, for the page typed-bundle.
package bound

//go:generate go run ../../../cmd/tekwright bind --pin bundle://registry.example.com/ci/task-scan:0.2#scan
