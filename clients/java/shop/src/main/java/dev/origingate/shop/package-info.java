package dev.origingate.shop;
