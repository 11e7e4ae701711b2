"""What is served over HTTP, each part by itself; serve.py puts them together.

conditions   what a request asks of a document that has not changed (pure)
shelf        the files of feeds/, read whole, with what tells one state of them from another
feeds        the answers: media types, validators, headers
searches     saved searches that are not public, behind a token
figures      what machines ask: is it alive, is it ready, how does it do
"""
