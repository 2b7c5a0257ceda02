package simulate

import (
	"context"
	"strconv"
	"strings"

	"github.com/tektoncd/pipeline/pkg/apis/config"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/tekwright/tekwright/pkg/check"
)

// configMaps are the ConfigMaps of Tekton on a cluster with the profile.
func configMaps(p *check.Profile) []*corev1.ConfigMap {
	if p == nil {
		p = &check.Profile{}
	}
	flags := map[string]string{"enable-api-fields": p.APIFields}
	if p.APIFields == "" {
		flags["enable-api-fields"] = p.DefaultAPIFields()
	}
	for _, f := range p.Features {
		flags[f] = "true"
	}
	if p.Coschedule != "" {
		flags["coschedule"] = p.Coschedule
	}
	if p.DisableInlineSpec != "" {
		flags["disable-inline-spec"] = p.DisableInlineSpec
	}
	// Where results come from makes no difference to what they are, and logs there are none.
	flags["results-from"] = config.ResultExtractionMethodTerminationMessage
	delete(flags, config.EnableWaitExponentialBackoff) // would wait in real time
	delete(flags, config.EnableKubernetesSidecar)      // asks the API server for its version

	defaults := map[string]string{}
	if p.DefaultServiceAccount != "" {
		defaults["default-service-account"] = p.DefaultServiceAccount
	}
	if p.MaxMatrix > 0 {
		defaults["default-max-matrix-combinations-count"] = strconv.Itoa(p.MaxMatrix)
	}
	if len(p.ForbiddenEnv) > 0 {
		defaults["default-forbidden-env"] = strings.Join(p.ForbiddenEnv, ",")
	}
	if p.TimeoutMinutes != nil {
		defaults["default-timeout-minutes"] = strconv.Itoa(*p.TimeoutMinutes)
	}
	of := func(name string, data map[string]string) *corev1.ConfigMap {
		return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name}, Data: data}
	}
	return []*corev1.ConfigMap{
		of(config.GetFeatureFlagsConfigName(), flags),
		of(config.GetDefaultsConfigName(), defaults),
		of(config.GetMetricsConfigName(), nil),
		of(config.GetSpireConfigName(), nil),
		of(config.GetEventsConfigName(), nil),
		of(config.GetTracingConfigName(), nil),
		of(config.GetWaitExponentialBackoffConfigName(), nil),
	}
}

// configured is a context with Tekton's configuration, as its webhook has it.
func configured(ctx context.Context, maps []*corev1.ConfigMap) (context.Context, error) {
	cfg := config.FromContextOrDefaults(ctx)
	for _, m := range maps {
		var err error
		switch m.Name {
		case config.GetFeatureFlagsConfigName():
			cfg.FeatureFlags, err = config.NewFeatureFlagsFromConfigMap(m)
		case config.GetDefaultsConfigName():
			cfg.Defaults, err = config.NewDefaultsFromConfigMap(m)
		}
		if err != nil {
			return nil, errorf("the profile is not a configuration of Tekton: %w", err)
		}
	}
	return config.ToContext(ctx, cfg), nil
}
