/** The audit trail, to take away. */
@NullMarked
package dev.slipway.deploy.audit;

import org.jspecify.annotations.NullMarked;
