/** The worker's hold on a job: taken, kept alive, given up or finished. */
@NullMarked
package dev.slipway.worker.job;

import org.jspecify.annotations.NullMarked;
