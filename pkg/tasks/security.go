package tasks

import corev1 "k8s.io/api/core/v1"

// Unprivileged returns the security context of the steps of the catalogue that need no
// privileges, for steps of one's own. They run as the user and the group nobody, without
// capabilities, and Pod Security Standards admit them at the level restricted.
//
//	t.Step("lint").Image(image).SecurityContext(tasks.Unprivileged())
func Unprivileged() corev1.SecurityContext { return unprivileged() }
