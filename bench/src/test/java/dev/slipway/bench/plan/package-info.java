@org.jspecify.annotations.NullMarked
package dev.slipway.bench.plan;
