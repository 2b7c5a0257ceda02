package check

import (
	"errors"
	"fmt"
	"slices"

	"github.com/tekwright/tekwright/internal/settings"
	"github.com/tekwright/tekwright/internal/yamlread"
	"github.com/tekwright/tekwright/pkg/diag"
)

// ReadProfile reads a profile from YAML or JSON:
//
//	pipelinesVersion: v0.53.0           # of Tekton Pipelines in the cluster
//	apiFields: beta                     # stable, beta or alpha
//	features: [enable-param-enum]
//	coschedule: workspaces              # workspaces, pipelineruns, isolate-pipelinerun or disabled
//	maxMatrix: 256
//	maxFindings: 250000
//	complete: true
//	oneSet: true                        # of all directories
//	usedOnly: true                      # of Kubernetes' objects
//	persona: regular                    # regular, pedantic or auditor
//	defaultServiceAccount: default
//	disableInlineSpec: pipelinerun      # pipeline, pipelinerun and taskrun, comma-separated
//	forbiddenEnv: [HTTP_PROXY]
//	timeoutMinutes: 60
//	remotes:                            # of Pipelines-as-Code
//	  https://raw.example.com/org/repo/main/: ../repo/
//	exists:
//	  - {kind: Task, name: git-clone}   # in every namespace
//	  - {kind: Secret, name: "*", namespace: ci}
//	severities:
//	  image-floating: error
//	disabled: [param-unused]            # or, in severities, param-unused: off
//
// All fields are optional. Names are case-sensitive, and unknown names are an
// error. The error reports all mistakes at once, each with its line. ReadProfile does not check the
// values: see [ValidateProfile] and [ProfileWarnings].
func ReadProfile(data []byte) (Profile, error) {
	var p Profile
	r, root := settings.Open(data)
	if root != nil {
		r.Map(root, "", r.Profile(&p, func(key yamlread.Key, s settings.Severity) {
			switch {
			case s != settings.Off:
				if p.Severities == nil {
					p.Severities = map[string]diag.Severity{}
				}
				p.Severities[key.Name] = s
			case !slices.Contains(p.Disabled, key.Name):
				p.Disabled = append(p.Disabled, key.Name)
			}
		}))
	}
	var errs []error
	for _, f := range r.Faults {
		errs = append(errs, fmt.Errorf("profile: line %d: %s", f.Position.Line, f))
	}
	return p, errors.Join(errs...)
}
