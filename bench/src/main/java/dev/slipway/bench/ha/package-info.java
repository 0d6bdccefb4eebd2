/** The drill of high availability: two of every service, and a database that fails. */
@NullMarked
package dev.slipway.bench.ha;

import org.jspecify.annotations.NullMarked;
