//go:build tools

package main

// What the tests of Tekton's packages import, and this module does not: go mod
// tidy keeps it for them.
import (
	_ "github.com/google/go-cmp/cmp"
	_ "github.com/google/go-cmp/cmp/cmpopts"
	_ "github.com/stretchr/testify/require" //nolint:testifylint // as said above
	_ "github.com/tektoncd/pipeline/pkg/apis/config/testing"
	_ "github.com/tektoncd/pipeline/pkg/apis/pipeline/errors"
	_ "github.com/tektoncd/pipeline/pkg/apis/run/v1beta1"
	_ "github.com/tektoncd/pipeline/pkg/client/clientset/versioned/scheme"
	_ "github.com/tektoncd/pipeline/test/diff"
	_ "github.com/tektoncd/pipeline/test/parse"
	_ "github.com/tektoncd/triggers/pkg/apis/config"
	_ "github.com/tektoncd/triggers/pkg/interceptors/cel"
	_ "github.com/tektoncd/triggers/test"
	_ "k8s.io/utils/clock/testing"
	_ "k8s.io/utils/pointer"
	_ "knative.dev/pkg/logging/testing"
)
