/**
 * The order system of a small shop, which confirms an order once Origin Gate has answered for it. Begin with
 * {@link dev.origingate.shop.Orders}: what happens to an order stands there.
 */
package dev.origingate.shop;
