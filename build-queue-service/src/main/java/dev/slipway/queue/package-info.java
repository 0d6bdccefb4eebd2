/** Takes pushes, queues them as jobs, and shows people what became of them. */
@NullMarked
package dev.slipway.queue;

import org.jspecify.annotations.NullMarked;
