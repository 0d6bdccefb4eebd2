/** The manifests for Kubernetes, held against Kubernetes' own schemas and against the services. */
@NullMarked
package dev.slipway.standalone.kube;

import org.jspecify.annotations.NullMarked;
