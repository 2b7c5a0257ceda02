// Package vet compiles but has a mistake that go vet reports: see TestVet.
package vet

import "github.com/tekwright/tekwright/pkg/builder"

// Number is the letter A, not the text 65.
const Number = builder.String(65)
