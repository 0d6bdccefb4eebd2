package dev.slipway.queue.push;

/**
 * A webhook delivery.
 *
 * @param forge as in the webhook's path
 * @param id given by the forge, 1 to 200 characters; no signature covers it, so it is only recorded
 */
public record Delivery(String forge, String id) {}
