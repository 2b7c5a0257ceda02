package cluster

import (
	"context"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/tekwright/tekwright/pkg/diag"
)

// Versions are the versions of the software in a cluster.
type Versions struct {
	Kubernetes string   // "v1.36.3"
	Pipelines  string   // of Tekton Pipelines: "v1.15.1", or "devel" for a build from source; "" if not known
	Triggers   string   // of Tekton Triggers, in the same form
	APIs       []string // the API versions of Tekton that are served, such as "tekton.dev/v1", sorted
	// Unknown explains why a version above is "", one sentence for each.
	Unknown []string
}

// tektonNamespaces are the namespaces where releases of Tekton record their
// version, most common first.
var tektonNamespaces = []string{"tekton-pipelines", "openshift-pipelines"}

// Versions returns what runs in the cluster. The versions of Tekton are read
// from ConfigMaps in its own namespace or from labels of its
// CustomResourceDefinitions. If the user cannot read either, the version is ""
// and Unknown has the reason. Versions returns an error if the cluster does not
// answer.
func (c *Client) Versions(ctx context.Context) (Versions, error) {
	var v Versions
	if err := c.valid(); err != nil {
		return v, err
	}
	if err := c.reach(ctx); err != nil {
		return v, err
	}
	ask := request{object: diag.ObjectRef{Kind: "version"}}
	server, err := c.served.version(ctx)
	if err == nil {
		v.Kubernetes = server.GitVersion
	} else if err = c.explain(err, ask); wide(err) {
		return v, err
	} else {
		v.Unknown = append(v.Unknown, "Kubernetes version: "+err.Error())
	}
	groups, err := c.served.groups(ctx)
	if err != nil {
		return v, c.explain(err, ask)
	}
	for _, g := range groups {
		if g.Name == "tekton.dev" || strings.HasSuffix(g.Name, ".tekton.dev") {
			for _, served := range g.Versions {
				v.APIs = append(v.APIs, served.GroupVersion)
			}
		}
	}
	slices.Sort(v.APIs)
	for _, p := range []struct {
		into                                  *string
		name, group, configMap, kind, release string
	}{
		{&v.Pipelines, pipelines, "tekton.dev", "pipelines-info", "tasks.tekton.dev", "pipeline.tekton.dev/release"},
		{&v.Triggers, triggers, "triggers.tekton.dev", "triggers-info", "eventlisteners.triggers.tekton.dev", "triggers.tekton.dev/release"},
	} {
		if !slices.ContainsFunc(v.APIs, func(api string) bool { return strings.HasPrefix(api, p.group+"/") }) {
			v.Unknown = append(v.Unknown, p.name+" is not installed")
			continue
		}
		var why string
		if *p.into, why, err = c.versionOf(ctx, p.configMap, p.kind, p.release); err != nil {
			return v, err
		}
		if why != "" {
			v.Unknown = append(v.Unknown, p.name+" version: "+why)
		}
	}
	return v, nil
}

// versionOf returns the version of a component of Tekton, or why it is not
// known.
func (c *Client) versionOf(ctx context.Context, configMap, kind, release string) (version, why string, err error) {
	for _, namespace := range tektonNamespaces {
		err := c.retry(ctx, func(ctx context.Context) error {
			configMaps := schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}
			m, err := c.objects.Resource(configMaps).Namespace(namespace).Get(ctx, configMap, metav1.GetOptions{})
			if err == nil {
				version, _, _ = unstructured.NestedString(m.Object, "data", "version")
			}
			return err
		})
		if version != "" {
			return version, "", nil
		}
		if err = c.explain(err, request{object: diag.ObjectRef{Kind: "ConfigMap", Namespace: namespace, Name: configMap}}); wide(err) {
			return "", "", err
		}
	}
	err = c.retry(ctx, func(ctx context.Context) error {
		crds := schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"}
		crd, err := c.objects.Resource(crds).Get(ctx, kind, metav1.GetOptions{})
		if err == nil {
			labels := crd.GetLabels()
			if version = labels[release]; version == "" {
				version = labels["version"]
			}
		}
		return err
	})
	if err = c.explain(err, request{object: diag.ObjectRef{Kind: "CustomResourceDefinition", Name: kind}}); wide(err) {
		return "", "", err
	}
	if version != "" {
		return version, "", nil
	}
	return "", "found no ConfigMap \"" + configMap + "\" in namespace " + strings.Join(tektonNamespaces, " or ") +
		", and no version label on CustomResourceDefinition " + kind, nil
}
