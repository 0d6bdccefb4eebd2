/** A real PostgreSQL for tests. */
@NullMarked
package dev.slipway.common.database;

import org.jspecify.annotations.NullMarked;
