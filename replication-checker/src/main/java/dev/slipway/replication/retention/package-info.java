/** What is no longer kept, and its way out of all buckets. */
@NullMarked
package dev.slipway.replication.retention;

import org.jspecify.annotations.NullMarked;
