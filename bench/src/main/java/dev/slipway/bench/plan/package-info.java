/** What one machine cannot hold, computed: workers, copies, fan-out and what the network costs. */
@NullMarked
package dev.slipway.bench.plan;

import org.jspecify.annotations.NullMarked;
