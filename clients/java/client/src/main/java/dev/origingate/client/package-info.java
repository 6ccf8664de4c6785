/**
 * Asks Origin Gate about orders: is one within the USMCA e-Cert rule, what is its verified e-Cert ID, and is it eligible
 * for the pre-review. Begin with {@link dev.origingate.client.OriginGate}.
 */
package dev.origingate.client;
