/** The page of the audit trail. */
@NullMarked
package dev.slipway.deploy.console.audit;

import org.jspecify.annotations.NullMarked;
