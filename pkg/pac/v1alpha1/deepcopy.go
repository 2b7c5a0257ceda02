package v1alpha1

import "slices"

// DeepCopy returns a deep copy.
func (s *RepositorySpec) DeepCopy() *RepositorySpec {
	if s == nil {
		return nil
	}
	c := *s
	c.ConcurrencyLimit = pointer(s.ConcurrencyLimit)
	c.GitProvider = s.GitProvider.DeepCopy()
	c.Incomings = slices.Clone(s.Incomings)
	for i := range c.Incomings {
		c.Incomings[i].Params = slices.Clone(c.Incomings[i].Params)
		c.Incomings[i].Targets = slices.Clone(c.Incomings[i].Targets)
	}
	c.Params = slices.Clone(s.Params)
	for i := range c.Params {
		c.Params[i].SecretRef = pointer(c.Params[i].SecretRef)
	}
	c.Settings = s.Settings.DeepCopy()
	return &c
}

// DeepCopy returns a deep copy.
func (p *GitProvider) DeepCopy() *GitProvider {
	if p == nil {
		return nil
	}
	c := *p
	c.Secret, c.WebhookSecret = pointer(p.Secret), pointer(p.WebhookSecret)
	return &c
}

// DeepCopy returns a deep copy.
func (s *Settings) DeepCopy() *Settings {
	if s == nil {
		return nil
	}
	c := *s
	c.GithubAppTokenScopeRepos = slices.Clone(s.GithubAppTokenScopeRepos)
	if s.Policy != nil {
		c.Policy = &Policy{OkToTest: slices.Clone(s.Policy.OkToTest), PullRequest: slices.Clone(s.Policy.PullRequest)}
	}
	if c.Gitlab = pointer(s.Gitlab); c.Gitlab != nil {
		c.Gitlab.TokenAutoRotation = pointer(s.Gitlab.TokenAutoRotation)
	}
	c.Github, c.Forgejo = pointer(s.Github), pointer(s.Forgejo)
	c.AIAnalysis = s.AIAnalysis.DeepCopy()
	return &c
}

// DeepCopy returns a deep copy.
func (a *AIAnalysisConfig) DeepCopy() *AIAnalysisConfig {
	if a == nil {
		return nil
	}
	c := *a
	c.TokenSecretRef = pointer(a.TokenSecretRef)
	c.Roles = slices.Clone(a.Roles)
	for i := range c.Roles {
		if items := pointer(c.Roles[i].ContextItems); items != nil {
			items.ContainerLogs = pointer(items.ContainerLogs)
			c.Roles[i].ContextItems = items
		}
	}
	return &c
}

// pointer returns a pointer to a copy of a flat value.
func pointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}
