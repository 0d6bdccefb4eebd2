/** How the services come to their schema: migrated by themselves, or by a run of its own. */
@NullMarked
package dev.slipway.common.schema;

import org.jspecify.annotations.NullMarked;
