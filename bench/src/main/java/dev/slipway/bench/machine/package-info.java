/** What it takes to bring one large artifact to one machine, beside plain HTTP. */
@NullMarked
package dev.slipway.bench.machine;

import org.jspecify.annotations.NullMarked;
