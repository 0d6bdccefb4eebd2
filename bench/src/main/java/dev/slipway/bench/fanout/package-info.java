/**
 * An artifact on its way to many machines over narrow links, beside what people would use instead.
 */
@org.jspecify.annotations.NullMarked
package dev.slipway.bench.fanout;
