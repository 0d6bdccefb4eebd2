/** The last part of a commit's trace: its deployments, to the last machine. */
@NullMarked
package dev.slipway.deploy.trace;

import org.jspecify.annotations.NullMarked;
