module github.com/tekwright/tekwright

go 1.26.4

require (
	github.com/go-logr/logr v1.4.3 // keeps client-go's watches from printing; client-go brings it along
	github.com/gobwas/glob v0.2.3 // the globs of Pipelines-as-Code: it has quirks, and is what Pipelines-as-Code calls
	github.com/google/cel-go v0.30.0 // compiles trigger filters offline, with the function libraries that the interceptor uses
	github.com/google/go-containerregistry v0.21.7 // reads Tekton bundles from registries, in the command alone; Tekton's resolver uses it
	github.com/klauspost/compress v1.18.6 // reads layers of bundles in zstd with a limit, which go-containerregistry does without one
	github.com/rogpeppe/go-internal v1.16.0 // the unified diff: a copy of the go command's, which cannot be imported
	github.com/spf13/cobra v1.10.2 // the command: its help, suggestions, and completion for four shells
	github.com/spf13/pflag v1.0.10 // cobra's flags, to suggest one for another; cobra brings it along
	github.com/stretchr/testify v1.12.1 // tests only
	github.com/tektoncd/pipeline v1.15.1 // output is built from Tekton's own types, and must pass its Validate
	github.com/tektoncd/triggers v0.37.0 // the same, for listeners, triggers, templates and bindings
	go.yaml.in/yaml/v2 v2.4.4 // finds the errors that kubectl reports, at their lines
	go.yaml.in/yaml/v3 v3.0.5 // reads YAML with the line and the column of each value
	golang.org/x/mod v0.37.0 // writes and reads go.mod files
	golang.org/x/term v0.45.0 // the size of the terminal, for the command's picture of a run
	k8s.io/api v0.35.7 // Secrets, volumes, roles, Ingresses and what pods are made of
	k8s.io/apiextensions-apiserver v0.35.7 // the type of free values in Tekton's structs, which link it anyway
	k8s.io/apimachinery v0.36.3 // metadata, quantities, and what every object has in common
	k8s.io/client-go v0.35.7 // talks to the API server, in pkg/cluster alone; its parser reads the JSONPaths of bindings
	k8s.io/klog/v2 v2.140.0 // the logger of client-go, which the command silences
	knative.dev/pkg v0.0.0-20260622140654-39ebae2ee2dc // the type of the errors that Tekton's Validate returns
	mvdan.cc/sh/v3 v3.14.1 // reads scripts as a shell does: quotes, here-documents, $(...) in $(...)
	sigs.k8s.io/json v0.0.0-20250730193827-2d320260d730 // decodes strictly and case-sensitively, as the API server does
	sigs.k8s.io/kustomize/api v0.21.1 // renders kustomizations as kubectl does, in the command alone
	sigs.k8s.io/kustomize/kyaml v0.21.1 // its file system in memory, so that it reads nothing else
	sigs.k8s.io/yaml v1.6.0 // reads YAML as the Kubernetes tools do
)

require (
	cel.dev/expr v0.25.1 // indirect
	github.com/antlr4-go/antlr/v4 v4.13.1 // indirect
	github.com/beorn7/perks v1.0.1 // indirect
	github.com/blang/semver/v4 v4.0.0 // indirect
	github.com/cenkalti/backoff/v5 v5.0.3 // indirect
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/davecgh/go-spew v1.1.2-0.20180830191138-d8f796af33cc // indirect
	github.com/docker/cli v29.5.3+incompatible // indirect
	github.com/docker/docker-credential-helpers v0.9.5 // indirect
	github.com/emicklei/go-restful/v3 v3.12.2 // indirect
	github.com/evanphx/json-patch/v5 v5.9.11 // indirect
	github.com/fxamacker/cbor/v2 v2.9.0 // indirect
	github.com/go-errors/errors v1.4.2 // indirect
	github.com/go-logr/stdr v1.2.2 // indirect
	github.com/go-openapi/jsonpointer v0.21.1 // indirect
	github.com/go-openapi/jsonreference v0.21.0 // indirect
	github.com/go-openapi/swag v0.23.1 // indirect
	github.com/google/gnostic-models v0.7.0 // indirect
	github.com/google/go-cmp v0.7.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/grpc-ecosystem/grpc-gateway/v2 v2.29.0 // indirect
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
	github.com/josharian/intern v1.0.0 // indirect
	github.com/json-iterator/go v1.1.12 // indirect
	github.com/mailru/easyjson v0.9.0 // indirect
	github.com/modern-go/concurrent v0.0.0-20180306012644-bacd9c7ef1dd // indirect
	github.com/modern-go/reflect2 v1.0.3-0.20250322232337-35a7c28c31ee // indirect
	github.com/monochromegane/go-gitignore v0.0.0-20200626010858-205db1a8cc00 // indirect
	github.com/munnerz/goautoneg v0.0.0-20191010083416-a7dc8b61c822 // indirect
	github.com/opencontainers/go-digest v1.0.0 // indirect
	github.com/opencontainers/image-spec v1.1.1 // indirect
	github.com/pmezard/go-difflib v1.0.1-0.20181226105442-5d4384ee4fb2 // indirect
	github.com/prometheus/client_golang v1.23.2 // indirect
	github.com/prometheus/client_model v0.6.2 // indirect
	github.com/prometheus/common v0.70.1 // indirect
	github.com/prometheus/otlptranslator v1.0.0 // indirect
	github.com/prometheus/procfs v0.21.0 // indirect
	github.com/sirupsen/logrus v1.9.4 // indirect
	github.com/x448/float16 v0.8.4 // indirect
	github.com/xlab/treeprint v1.2.0 // indirect
	go.opentelemetry.io/auto/sdk v1.2.1 // indirect
	go.opentelemetry.io/otel v1.44.0 // indirect
	go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetricgrpc v1.44.0 // indirect
	go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp v1.44.0 // indirect
	go.opentelemetry.io/otel/exporters/otlp/otlptrace v1.44.0 // indirect
	go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc v1.44.0 // indirect
	go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp v1.44.0 // indirect
	go.opentelemetry.io/otel/exporters/prometheus v0.66.0 // indirect
	go.opentelemetry.io/otel/exporters/stdout/stdouttrace v1.44.0 // indirect
	go.opentelemetry.io/otel/metric v1.44.0 // indirect
	go.opentelemetry.io/otel/sdk v1.44.0 // indirect
	go.opentelemetry.io/otel/sdk/metric v1.44.0 // indirect
	go.opentelemetry.io/otel/trace v1.44.0 // indirect
	go.opentelemetry.io/proto/otlp v1.10.0 // indirect
	golang.org/x/exp v0.0.0-20250210185358-939b2ce775ac // indirect
	golang.org/x/net v0.57.0 // indirect
	golang.org/x/oauth2 v0.36.0 // indirect
	golang.org/x/sync v0.22.0 // indirect
	golang.org/x/sys v0.47.0 // indirect
	golang.org/x/text v0.40.0 // indirect
	golang.org/x/time v0.14.0 // indirect
	gomodules.xyz/jsonpatch/v2 v2.5.0 // indirect
	google.golang.org/genproto/googleapis/api v0.0.0-20260727163830-6c54dddc4772 // indirect
	google.golang.org/genproto/googleapis/rpc v0.0.0-20260720155508-bb71a54f79dc // indirect
	google.golang.org/grpc v1.82.1 // indirect
	google.golang.org/protobuf v1.36.12-0.20260120151049-f2248ac996af // indirect
	gopkg.in/evanphx/json-patch.v4 v4.13.0 // indirect
	gopkg.in/inf.v0 v0.9.1 // indirect
	gopkg.in/yaml.v3 v3.0.1 // indirect
	gotest.tools/v3 v3.5.2 // indirect
	k8s.io/kube-openapi v0.0.0-20260317180543-43fb72c5454a // indirect
	k8s.io/utils v0.0.0-20260210185600-b8788abfbbc2 // indirect
	sigs.k8s.io/randfill v1.0.0 // indirect
	sigs.k8s.io/structured-merge-diff/v6 v6.3.3 // indirect
)
