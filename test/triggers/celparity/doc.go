// Package celparity shows that internal/celenv accepts the expressions that the
// CEL interceptor of Tekton Triggers compiles, and no others.
package celparity
