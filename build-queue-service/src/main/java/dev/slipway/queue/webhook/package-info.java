/** Webhooks: what each forge sends, who may send it, and what becomes of it. */
@NullMarked
package dev.slipway.queue.webhook;

import org.jspecify.annotations.NullMarked;
