/** The project's own servers, started as an operator starts them: for the tests of the client, and of the shop. */
package dev.origingate.live;
